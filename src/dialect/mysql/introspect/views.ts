import type { Server } from "../../../core/db.ts";
import { keyOf, type View, type ViewRead } from "../../../core/schema.ts";
import { scan, type Token } from "../scan.ts";
import type { Precise } from "./precise.ts";
import { compare, type TableRows } from "./rows.ts";

/** Who there is, by database: tables and views. */
export type Known = ReadonlyMap<string, ReadonlySet<string>>;

export function viewOf(rows: TableRows, precise: Precise, known: Known, server: Server): View {
  const text = rows.view ?? "";
  const definition = withoutDatabase(precise.view(rows.name) ?? text, server.defaultSchema, known);
  const reads = readsOf(text, known, server);
  return { ...rows.name, definition, indexes: [], ...(reads.length > 0 && { reads }) };
}

/** `db`.`t` is `t` where db is the default database; a table's alias that is called like the database stays. */
export function withoutDatabase(text: string, database: string, known: Known): string {
  let result = "";
  let copied = 0;
  for (const { qualifier, name } of qualified(scan(text))) {
    if (qualifier.value !== database || !known.get(database)?.has(name.value)) continue;
    result += text.slice(copied, qualifier.start);
    copied = name.start;
  }
  return result + text.slice(copied);
}

function readsOf(text: string, known: Known, server: Server): readonly ViewRead[] {
  const reads = new Map<string, ViewRead>();
  for (const { qualifier, name } of qualified(scan(text))) {
    if (!known.get(qualifier.value)?.has(name.value)) continue;
    const read = { ...(qualifier.value !== server.defaultSchema && { schema: qualifier.value }), name: name.value };
    reads.set(keyOf(read), read);
  }
  return [...reads].sort(([a], [b]) => compare(a, b)).map(([, read]) => read);
}

function qualified(tokens: readonly Token[]): readonly { readonly qualifier: Token; readonly name: Token }[] {
  return tokens.flatMap((qualifier, at) => {
    const name = tokens[at + 2];
    const pair = qualifier.kind === "name" && tokens[at + 1]?.text === "." && name?.kind === "name" && tokens[at - 1]?.text !== ".";
    return pair ? [{ qualifier, name }] : [];
  });
}
