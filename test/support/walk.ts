import type { Db, Server } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import { describe, fold, reverseAll } from "../../src/core/operations/index.ts";
import { type Column, keyOf, type QualifiedName, type Schema, type Table } from "../../src/core/schema.ts";
import type { Dialect } from "../../src/dialect/dialect.ts";
import { diff } from "../../src/diff/diff.ts";
import { compare } from "../../src/diff/equal.ts";
import { familyOf } from "../../src/diff/families.ts";
import { tableOf, targetOf } from "../../src/diff/on.ts";
import { resolve } from "../../src/diff/resolve.ts";
import { batchesOf } from "../../src/run/batches.ts";

/** What a server is for the laws: how it is emptied, and how rows get in without regard for foreign keys. */
export interface Ground {
  readonly dialect: Dialect;
  readonly db: Db;
  empty(): Promise<void>;
  /** runs the work with foreign keys not looked at */
  unchecked(work: () => Promise<void>): Promise<void>;
}

export interface Walk {
  /** rows stood in the tables all the way */
  readonly rows: number;
  readonly operations: readonly Operation[];
}

/** From nothing to A, to B and back, on a real server; throws where the database is not what it should be, or rows lost their values. */
export async function walk(ground: Ground, a: Schema, b: Schema, answer: "rename" | "drop"): Promise<Walk> {
  const { dialect, db } = ground;
  await ground.empty();
  const server = await dialect.identify(db);
  const rules = dialect.rules;
  const norm = (schema: Schema) => dialect.normalize(schema, server);
  const now = async () => norm((await dialect.introspect(db, server, { schemas: ["app"], ignore: [] })).schema);
  const inItsWords = async (schema: Schema, had: Schema) => (await dialect.canonical(db, server, norm(schema), had)).wanted;
  const nothingLeft = async (goal: Schema, had: Schema, where: string) => {
    const left = diff(had, await inItsWords(goal, had), { rules, known: had, names: true }).operations;
    if (left.length > 0) throw new Error(`${where}, differs still: ${left.map(describe).join("; ")} ${JSON.stringify(left)}`);
  };

  const nothing = await now();
  const make = diff(nothing, norm(a), { rules, known: null }).operations;
  await run(ground, server, make, nothing, "made");
  const first = await now();
  await nothingLeft(a, first, "made");

  const found = diff(first, await inItsWords(b, first), { rules, known: first, names: true });
  const { operations: answered } = resolve(found.operations, found.review, { all: answer }, { rules });
  const change = answered.map((operation) => withCast(dialect, operation));
  const { operations: back } = reverseAll(change);
  const backwards = back.map((operation) => withCast(dialect, operation));
  await fillRows(ground, first);
  const inTheWay = await stopped(ground, server, change, first);
  if (inTheWay.length > 0) await emptyTables(ground, first);
  const before = await valuesOf(ground, first);
  await run(ground, server, change, first, "changed");
  const second = await now();
  await nothingLeft(b, second, "changed");
  await nothingLeft(fold(first, change, server.flavor), second, "replayed");
  kept(before, await valuesOf(ground, second), first, second, change);

  if ((await stopped(ground, server, backwards, second)).length > 0) await emptyTables(ground, second);
  await run(ground, server, backwards, second, "taken back");
  const third = await now();
  await nothingLeft(fold(second, backwards, server.flavor), third, "replayed back");
  const left = diff(third, first, { rules, known: third, names: true }).operations;
  if (left.length > 0) throw new Error(`taken back, differs still: ${left.map(describe).join("; ")} ${JSON.stringify(left)}`);
  return { rows: [...before.values()].reduce((sum, { length }) => sum + length, 0), operations: change };
}

/** The laws ask nobody how values convert: what only people know becomes NULL, on tables without rows. */
function withCast({ rules, name }: Dialect, operation: Operation): Operation {
  if (operation.kind !== "alterColumn" || operation.using !== undefined) return operation;
  const { from, to } = operation;
  if (from.type === to.type || to.generated !== undefined || name !== "postgres") return operation;
  const conversion = rules.conversion(from, to);
  if (conversion.kind === "using") return { ...operation, using: conversion.expression };
  return conversion.kind === "ask" ? { ...operation, using: `NULL::${to.type}` } : operation;
}

async function run(
  { dialect, db }: Ground,
  server: Server,
  operations: readonly Operation[],
  before: Schema,
  where: string,
): Promise<void> {
  const statements = dialect.compile(operations, { server, before });
  for (const { transactional, statements: batch } of batchesOf(statements, "each")) {
    if (transactional) await db.query("BEGIN");
    for (const { sql } of batch) {
      try {
        await db.query(sql);
      } catch (error) {
        await db.query("ROLLBACK").catch(() => {});
        const said = error instanceof Error ? error.message : String(error);
        throw new Error(`${where}, the server says ${said}\nto ${sql}\n\n${statements.map((one) => one.sql).join(";\n")}`);
      }
    }
    if (transactional) await db.query("COMMIT");
  }
}

/** The questions about the data that would refuse the run. */
async function stopped(
  { dialect, db }: Ground,
  server: Server,
  operations: readonly Operation[],
  before: Schema,
): Promise<readonly string[]> {
  const found: string[] = [];
  if (operations.some((one) => one.kind === "alterColumn" && one.using?.startsWith("NULL::"))) found.push("a cast nobody has said");
  if (operations.some(otherSort)) found.push("values of another sort");
  if (operations.some((one) => isKey(one) && comesWith(operations, one))) found.push("a key over a column that comes");
  if (operations.some((one) => one.kind === "addForeignKey" && made(operations, targetOf(one.foreignKey))))
    found.push("a key to a table that comes empty");
  for (const { sql, code } of dialect.prechecks(operations, { server, before })) {
    // what the server can't answer is as much in the way, to a law that wants to know the schema right
    const [row] = await db.query(sql).catch(() => [{ count: "1" }]);
    if (Number(row?.count ?? 0) > 0) found.push(code);
  }
  return found;
}

/** A number does not become a moment: that such values are counted beforehand has tests of its own. */
const otherSort = (one: Operation): boolean => one.kind === "alterColumn" && familyOf(one.from.type) !== familyOf(one.to.type);

const isKey = (one: Operation): boolean =>
  ["addUnique", "addPrimaryKey", "addForeignKey"].includes(one.kind) || (one.kind === "addIndex" && one.index.unique === true);

/** All rows get one value in it: no question to the data can tell before it is there. */
const comesWith = (operations: readonly Operation[], one: Operation): boolean =>
  operations.some(
    (other) => other.kind === "addColumn" && "table" in one && one.kind !== "moveTable" && keyOf(tableOf(other)) === keyOf(tableOf(one)),
  );

const made = (operations: readonly Operation[], name: QualifiedName): boolean =>
  operations.some((one) => one.kind === "createTable" && keyOf(one.definition) === keyOf(name));

/** Two rows a table where the table takes them. */
async function fillRows(ground: Ground, { tables, enums }: Schema): Promise<void> {
  const { dialect, db } = ground;
  await ground.unchecked(async () => {
    for (const table of tables) {
      const columns = table.columns.filter(({ generated }) => generated === undefined);
      const names = columns.map(({ name }) => dialect.quoteName(name)).join(", ");
      const always = columns.some(({ identity }) => identity?.always) ? " OVERRIDING SYSTEM VALUE" : "";
      for (const row of [1, 2]) {
        const values = columns.map((column) => literalOf(column, row, enums)).join(", ");
        // a unique over a column that has one value only takes one row
        await db.query(`INSERT INTO ${dialect.quoteTable(table)} (${names})${always} VALUES (${values})`).catch(() => {});
      }
    }
  });
}

function literalOf({ type }: Column, row: number, enums: Schema["enums"]): string {
  if (/^(date|timestamp|datetime)/.test(type)) return `'2026-01-0${row} 00:00:00'`;
  if (type === "uuid") return `'00000000-0000-0000-0000-00000000000${row}'`;
  if (type === "jsonb") return `'{"row": ${row}}'`;
  if (type.endsWith("[]")) return "'{}'";
  if (/^(boolean|tinyint\(1\))/.test(type)) return row === 1 ? "'1'" : "'0'";
  const listed = /^enum\('([^']*)'/.exec(type)?.[1];
  if (listed !== undefined) return `'${listed}'`;
  const own = enums.find(({ schema, name }) => type.replaceAll('"', "") === (schema === undefined ? name : `${schema}.${name}`));
  return own === undefined ? `'${row}'` : `'${(own.values[0] ?? "").replaceAll("'", "''")}'`;
}

async function emptyTables(ground: Ground, { tables }: Schema): Promise<void> {
  await ground.unchecked(async () => {
    for (const table of tables) await ground.db.query(`DELETE FROM ${ground.dialect.quoteTable(table)}`);
  });
}

type Values = ReadonlyMap<string, readonly Readonly<Record<string, string | null>>[]>;

async function valuesOf({ dialect, db }: Ground, { tables }: Schema): Promise<Values> {
  const values = new Map<string, readonly Readonly<Record<string, string | null>>[]>();
  for (const table of tables) {
    values.set(keyOf(table), await db.query(`SELECT * FROM ${dialect.quoteTable(table)} ORDER BY id`));
  }
  return values;
}

/** Every row is there, with every value of a column that neither went nor changed its type. */
function kept(before: Values, after: Values, from: Schema, to: Schema, operations: readonly Operation[]): void {
  for (const table of from.tables) {
    const now = to.tables.find((one) => keyOf(one) === keyOf(table));
    if (now === undefined) continue;
    const columns = columnsKept(table, now, operations);
    const show = (values: Values) =>
      JSON.stringify((values.get(keyOf(table)) ?? []).map((row) => Object.fromEntries(columns.map((name) => [name, row[name]]))));
    if (show(before) !== show(after)) throw new Error(`rows of ${table.name} changed: ${show(before)} became ${show(after)}`);
  }
}

function columnsKept(table: Table, now: Table, operations: readonly Operation[]): readonly string[] {
  const renamed = operations.flatMap((one) => (one.kind === "renameColumn" && one.table === table.name ? [one.from, one.to] : []));
  return table.columns
    .filter(({ name, type, generated }) => {
      const other = now.columns.find((column) => column.name === name);
      return other?.type === type && generated === undefined && other.generated === undefined && !renamed.includes(name);
    })
    .map(({ name }) => name)
    .sort(compare);
}
