import type { Row } from "../core/db.ts";
import { refused } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import type { Session } from "./typeorm-session.ts";

/** Asks of the data what a change needs, as our own runner does, and refuses before the first statement. */
export async function askBefore(
  { db, dialect, server, metadataTable, runner }: Session,
  id: string,
  operations: readonly Operation[],
): Promise<void> {
  const inside = dialect.transactionalDdl && runner.isTransactionActive;
  const found: { readonly line: string; readonly hint: string }[] = [];
  for (const { about, sql, message, hint } of dialect.prechecks(operations, { server, metadataTable })) {
    const row = await asked(db.query, sql, inside);
    const count = Number(row?.count ?? 0);
    const rows = `${count} ${count === 1 ? "row" : "rows"}${row?.samples ? `, as ${row.samples}` : ""}`;
    const line = about === "server" ? `  ${message}${row?.samples ? `: ${row.samples}` : ""}` : `  ${message} (${rows})`;
    if (count > 0) found.push({ line, hint: hint.replaceAll("{revision}", id) });
  }
  if (found.length === 0) return;
  throw refused(
    "precheck-failed",
    `What is there does not allow revision ${id}:\n${found.map(({ line }) => line).join("\n")}\nNothing of it was changed.`,
    [...new Set(found.map(({ hint }) => hint))].join("\n"),
    { revision: id },
  );
}

/** A question that the server cannot answer stops nothing; in a transaction of PostgreSQL it must not be the end of that either. */
async function asked(query: Session["db"]["query"], sql: string, inside: boolean): Promise<Row | undefined> {
  if (inside) await query("SAVEPOINT limbeck_question");
  try {
    return (await query(sql))[0];
  } catch {
    if (inside) await query("ROLLBACK TO SAVEPOINT limbeck_question");
    return undefined;
  }
}
