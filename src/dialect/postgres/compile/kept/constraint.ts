import { labelOf, type QualifiedName } from "../../../../core/schema.ts";
import { quoteLiteral, quoteTable } from "../../quote.ts";
import type { Kept } from "./kept.ts";
import { ofConstraints } from "./parts.ts";

/** What somebody said of a constraint that goes and comes again, and of the index that stands for it. */
export function keptOfConstraint(table: QualifiedName, name: string): Kept {
  return {
    what: `constraint ${name} of ${labelOf(table)}`,
    queries: [
      "SELECT 1, NULL::text, NULL::text, NULL::text WHERE false",
      ...ofConstraints(`c.conrelid = to_regclass(${quoteLiteral(quoteTable(table))}) AND c.conname = ${quoteLiteral(name)}`),
    ],
  };
}
