import type { RenameColumn } from "../../../core/operation.ts";
import { withNewName } from "../../../core/operations/expressions.ts";
import type { Check, Column, Index, Table } from "../../../core/schema.ts";
import { quoteName } from "../quote.ts";
import { modifyClause } from "./clauses.ts";
import { defaultSql } from "./column.ts";
import { addCheck, dropCheck } from "./constraints.ts";
import { addIndexClause, dropIndexClause } from "./indexes.ts";
import { remember, renameRemembered } from "./metadata.ts";
import { columnIsThere, not } from "./observe.ts";
import { isIndexed } from "./online.ts";
import { alter, type Clause, known, type Piece, type Scene, tableOf } from "./piece.ts";
import { generatedRow } from "./tables.ts";

export function renameColumn(op: RenameColumn, scene: Scene): readonly Piece[] {
  const table = tableOf(op);
  const before = known(scene, table);
  const computed = before?.columns.some(({ name, generated }) => name === op.from && generated !== undefined);
  const { generated, ...others } = readersOf(before, op);
  const readers = scene.context.server.flavor === "mysql" ? { generated, ...others } : nobody;
  return [
    ...renameWith(op, readers, scene),
    ...(computed ? renameRemembered(scene, generatedRow(table, op.from), { name: op.to }) : []),
    ...generated.flatMap(({ to }) => remember(scene, generatedRow(table, to.name), to.generated?.expression ?? "")),
  ];
}

interface Change<T> {
  readonly from: T;
  readonly to: T;
}

/** What of the table reads a column in an expression, as it is and as it will be. */
interface Readers {
  readonly checks: readonly Change<Check>[];
  readonly indexes: readonly Change<Index>[];
  readonly generated: readonly Change<Column>[];
  readonly defaults: readonly Change<Column>[];
}

const nobody: Readers = { checks: [], indexes: [], generated: [], defaults: [] };

export function readersOf(table: Table | undefined, name: Pick<RenameColumn, "from" | "to">): Readers {
  if (table === undefined) return nobody;
  const after = withNewName(table, name, "mysql");
  const columns = changed(table.columns, after.columns);
  return {
    checks: changed(table.checks, after.checks),
    indexes: changed(table.indexes, after.indexes),
    generated: columns.filter((one) => one.to.generated !== undefined),
    defaults: columns.filter((one) => one.to.generated === undefined),
  };
}

const changed = <T>(before: readonly T[], after: readonly T[]): readonly Change<T>[] =>
  before.flatMap((from, at) => {
    const to = after[at];
    return to === undefined || JSON.stringify(from) === JSON.stringify(to) ? [] : [{ from, to }];
  });

/**
 * MariaDB carries the new name into what reads the column. MySQL refuses the change as long as anything does: so what does is said anew with the new name,
 * in the same statement. Only a table of which a foreign key's column gets another name may not be copied, which what comes again would have it do:
 * then that follows in a statement of its own. A computed column cannot wait so long; where it would have to, a precheck names it.
 */
function renameWith(op: RenameColumn, { checks, indexes, generated, defaults }: Readers, scene: Scene): readonly Piece[] {
  const gone = indexes.map(({ from }) => dropIndexClause(op, from));
  const rename = [
    ...checks.map(({ from }) => dropCheck(op, from.name, scene)),
    renameClause(op),
    ...defaults.map(({ to }) => setDefault(to, scene)),
    ...generated.map(({ from, to }) => modifyClause(op, from, to, scene)),
  ];
  const again = [...checks.map(({ to }) => addCheck(op, to)), ...indexes.map(({ to }) => addIndexClause(op, to, scene))];
  const apart = generated.length === 0 && isIndexed(known(scene, tableOf(op)), op.from);
  const statements = apart ? [gone, rename, again] : [[...gone, ...rename, ...again]];
  return statements.flatMap((clauses) => alter(op, scene, clauses));
}

function renameClause(op: RenameColumn): Clause {
  const table = tableOf(op);
  return {
    sql: `RENAME COLUMN ${quoteName(op.from)} TO ${quoteName(op.to)}`,
    does: "rename",
    what: "column",
    names: [op.from, op.to],
    cost: "moment",
    happened: `${columnIsThere(table, op.to)} AND ${not(columnIsThere(table, op.from))}`,
  };
}

const setDefault = (column: Column, scene: Scene): Clause => ({
  sql: `ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${defaultSql(column, scene.context.server)}`,
  does: "change",
  what: "column",
  names: [column.name],
  cost: "moment",
  ...(column.default !== undefined && { reads: column.default }),
});
