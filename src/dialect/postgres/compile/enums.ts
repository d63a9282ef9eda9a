import type { AlterEnum, EnumUse } from "../../../core/operation.ts";
import { type EnumType, keyOf, labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { doBlock, quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { blocksReads, rewrite } from "./hazards.ts";
import { keeping } from "./kept/memory.ts";
import { keptOfType, setAside } from "./kept/type.ts";
import { ownName } from "./own-names.ts";
import { alter, type Clause, clause, isFresh, named, type Piece, pass, plain, type Scene, tableOf } from "./piece.ts";
import { commentSql } from "./tables.ts";

export const enumCompilers: CompilersOf<"createEnum" | "dropEnum" | "renameEnum" | "renameEnumValue" | "alterEnum", Scene, Piece> = {
  createEnum: (op) => create(op.definition),
  dropEnum: (op) => [plain(`DROP TYPE ${quoteTable(op.definition)}`)],
  renameEnum: (op) => [plain(`ALTER TYPE ${quoteTable(named(op.from, op.schema))} RENAME TO ${quoteName(op.to)}`)],
  renameEnumValue: (op) => [
    plain(`ALTER TYPE ${quoteTable(named(op.name, op.schema))} RENAME VALUE ${quoteLiteral(op.from)} TO ${quoteLiteral(op.to)}`),
  ],
  alterEnum: (op, scene) => {
    const type = named(op.name, op.schema);
    // a type of the same revision is changed inside its transaction: nobody uses it yet, and ADD VALUE would have to wait for the commit
    return keepsOrder(op.from, op.to) && !isFresh(scene, type) ? addValues(op, type) : swap(op, type, scene);
  },
};

function create(definition: EnumType): readonly Piece[] {
  const type = `CREATE TYPE ${quoteTable(definition)} AS ENUM (${definition.values.map(quoteLiteral).join(", ")})`;
  if (definition.comment === undefined) return [plain(type)];
  return [plain(type), plain(`COMMENT ON TYPE ${quoteTable(definition)} IS ${commentSql(definition.comment)}`)];
}

/** Are all of the old values still there, one after the other? */
export function keepsOrder(from: readonly string[], to: readonly string[]): boolean {
  const kept = to.filter((value) => from.includes(value));
  return kept.length === from.length && kept.every((value, i) => value === from[i]);
}

/**
 * ADD VALUE runs in a transaction since PostgreSQL 12, but the value cannot be used before the commit, and a default or an
 * UPDATE further down may well use it: each is committed by itself.
 */
function addValues(op: AlterEnum, type: QualifiedName): readonly Piece[] {
  const added = op.to.flatMap((value, i) => {
    if (op.from.includes(value)) return [];
    const before = op.to[i - 1];
    const first = op.from[0];
    const place = before !== undefined ? ` AFTER ${quoteLiteral(before)}` : first !== undefined ? ` BEFORE ${quoteLiteral(first)}` : "";
    const sql = `ALTER TYPE ${quoteTable(type)} ADD VALUE IF NOT EXISTS ${quoteLiteral(value)}${place}`;
    return [plain(sql, { transactional: false, probe: { sql: valueProbe(type, value) } })];
  });
  return [...added, ...op.columns.flatMap((use) => alter(use, defaultChange(use)))];
}

const valueProbe = (type: QualifiedName, value: string): string =>
  `SELECT CASE WHEN EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype(${quoteLiteral(quoteTable(type))}) ` +
  `AND enumlabel = ${quoteLiteral(value)}) THEN 'done' ELSE 'none' END`;

function defaultChange(use: EnumUse): readonly Clause[] {
  const { from, to } = use.default ?? {};
  if (from === to) return [];
  const column = quoteName(use.column);
  if (to === undefined) return [clause(pass.drop, `ALTER COLUMN ${column} DROP DEFAULT`, [use.column])];
  return [clause(pass.attribute, `ALTER COLUMN ${column} SET DEFAULT ${to}`, [use.column])];
}

/** A new type takes the old one's place: the server cannot take a value out of a type, nor move one. */
function swap(op: AlterEnum, type: QualifiedName, scene: Scene): readonly Piece[] {
  const old = named(ownName("old", op.name), op.schema);
  const swapped = [
    plain(`ALTER TYPE ${quoteTable(type)} RENAME TO ${quoteName(old.name)}`),
    ...create({ ...type, values: op.to }),
    ...op.columns.flatMap((use) => convert(op, use, type)),
    plain(`DROP TYPE ${quoteTable(old)}`),
  ];
  return keeping(scene, keptOfType(type), [setAside(type), ...swapped]);
}

function convert(op: AlterEnum, use: EnumUse, type: QualifiedName): readonly Piece[] {
  const label = labelOf(tableOf(use));
  const column = quoteName(use.column);
  const name = `${quoteTable(type)}${use.array ? "[]" : ""}`;
  const clauses = [
    ...(use.default?.from === undefined ? [] : [clause(pass.drop, `ALTER COLUMN ${column} DROP DEFAULT`, [use.column])]),
    clause(pass.type, `ALTER COLUMN ${column} TYPE ${name} USING ${newValue(op, use)}::${name}`, [use.column]),
    ...(use.default?.to === undefined
      ? []
      : [clause(pass.attribute, `ALTER COLUMN ${column} SET DEFAULT ${use.default.to}`, [use.column])]),
  ];
  const hazards = [
    rewrite(`every row of ${label} is written anew`),
    blocksReads(`${label} is locked while ${use.column} takes the new type`),
  ];
  const alike = op.columns.some((other) => other.column === use.column && keyOf(tableOf(other)) !== keyOf(tableOf(use)));
  return alike ? [plain(unlessInherited(use, clauses), { hazards })] : alter(use, clauses, hazards);
}

/** A column that a table inherits takes the type with the one above, and can't take it by itself. */
function unlessInherited(use: EnumUse, clauses: readonly Clause[]): string {
  const table = quoteTable(tableOf(use));
  return doBlock(`BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(${quoteLiteral(table)}) AND attname = ${quoteLiteral(use.column)} AND attinhcount > 0) THEN
    ALTER TABLE ${table} ${clauses.map(({ sql }) => sql).join(", ")};
  END IF;
END`);
}

/** The old value as text, with the removed values replaced. */
function newValue(op: AlterEnum, use: EnumUse): string {
  const column = quoteName(use.column);
  const pairs = Object.entries(op.replace ?? {});
  if (use.array) {
    return pairs.reduce((text, [from, to]) => `array_replace(${text}, ${quoteLiteral(from)}, ${quoteLiteral(to)})`, `${column}::text[]`);
  }
  if (pairs.length === 0) return `${column}::text`;
  const cases = pairs.map(([from, to]) => ` WHEN ${quoteLiteral(from)} THEN ${quoteLiteral(to)}`).join("");
  return `(CASE ${column}::text${cases} ELSE ${column}::text END)`;
}
