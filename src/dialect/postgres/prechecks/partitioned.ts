import type { AddIndex, DropIndex, Operation } from "../../../core/operation.ts";
import { keyOf, labelOf } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { nameOf, walk } from "../../shared/prechecks/before.ts";
import { inPlaces, type Plain } from "../../shared/prechecks/places.ts";
import { plainOnPartitioned } from "../compile/online.ts";
import { quoteLiteral } from "../quote.ts";
import { lacking } from "./rights.ts";
import { words } from "./words.ts";

/** A partitioned table can't have everything beside others' work that a plain one can. */
export function partitioned(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  if (context.online === false) return [];
  const kinds = plainOnPartitioned(context.server);
  const isOnline = (op: Plain): op is Extract<Plain, AddIndex | DropIndex> => kinds.includes(op.kind) && (op as AddIndex).online !== false;
  const { before, note } = walk(words);
  const asked = new Set<string>();
  return inPlaces(operations, context.server.flavor).flatMap(({ operation, at }): readonly Precheck[] => {
    const table = isOnline(operation) ? before.origin(nameOf(operation.schema, operation.table)) : null;
    note(operation);
    if (table === null || asked.has(keyOf(table))) return [];
    asked.add(keyOf(table));
    const schema = table.schema === undefined ? "coalesce(current_schema(), 'public')" : quoteLiteral(table.schema);
    return [
      {
        about: "server",
        operation: at,
        sql: lacking([
          `SELECT 'PostgreSQL has no CONCURRENTLY there' AS "lack" FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'p' AND c.relname = ${quoteLiteral(table.name)} AND n.nspname = ${schema}`,
        ]),
        code: "partitioned",
        message: `${labelOf(table)} is partitioned: its indexes and keys are made in the plain form only`,
        hint: `add { online: false } to what the revision does with ${labelOf(table)}: it locks the table meanwhile`,
        tables: [],
      },
    ];
  });
}
