import type { Grants } from "../../../core/db.ts";
import type { Operation } from "../../../core/operation.ts";
import { labelOf } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { isGranted } from "../grants.ts";
import { quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { type Need, needsOf } from "./needs.ts";

/**
 * May the user do what the operations need? What it was granted was read with the session: here it is only compared, and the answer stands in the
 * question already. One question for each object, however many operations there are on it.
 */
export function rights(operations: readonly Operation[], { server }: CompileContext): readonly Precheck[] {
  const { granted } = server;
  if (granted === undefined) return [];
  const objects = new Map<string, Lack>();
  for (const { need, operation } of needsOf(operations, server.flavor)) {
    if (isHad(granted, need, server.defaultSchema)) continue;
    const label = labelOf(need.name);
    const known = objects.get(label) ?? { place: placeOf(need, server.defaultSchema), operation, rights: new Set<string>() };
    known.rights.add(need.right);
    objects.set(label, known);
  }
  return [...objects].map(([label, lack]) => ({
    about: "server",
    operation: lack.operation,
    sql: `SELECT 1 AS \`count\`, ${quoteLiteral(said(granted, lack))} AS \`samples\``,
    code: "rights",
    message: `rights on ${label} are missing`,
    hint: "an administrator types what stands in brackets, or the run is given a user that has these rights (--url)",
    tables: [],
  }));
}

interface Lack {
  /** as a GRANT has it */
  readonly place: string;
  readonly operation: number;
  readonly rights: Set<string>;
}

function isHad(granted: Grants, { right, name, or = [] }: Need, database: string): boolean {
  return [right, ...or].some((one) => isGranted(granted, one, name.schema ?? database, name.name));
}

function placeOf({ name: { schema, name }, makes }: Need, database: string): string {
  return makes || name === "*" ? `${quoteName(schema ?? database)}.*` : quoteTable({ schema: schema ?? database, name });
}

function said({ user }: Grants, { place, rights: lacking }: Lack): string {
  const list = [...lacking].join(", ");
  return `${user} lacks ${list} (GRANT ${list} ON ${place} TO ${accountSql(user)})`;
}

/** `me@%` as a statement has it. */
function accountSql(user: string): string {
  const at = user.lastIndexOf("@");
  return `${quoteLiteral(user.slice(0, at))}@${quoteLiteral(user.slice(at + 1))}`;
}
