import type { Hazard } from "../../../core/hazard.ts";
import { indexExpressions } from "../../../core/index-parts.ts";
import type { AlterColumn } from "../../../core/operation.ts";
import { type Column, keyOf } from "../../../core/schema.ts";
import { quoteName } from "../quote.ts";
import { isOwnType, isText, parseType, type RetypeCost, retypeCost } from "../type.ts";
import { collationSql } from "./column.ts";
import { blocksReads, lossyCast, rewrite } from "./hazards.ts";
import { type Clause, clause, isFresh, pass, type Scene, tableOf } from "./piece.ts";

/** Another type altogether, so that the default must step aside: the server may not be able to cast it. */
export function isRecast(from: Column, to: Column): boolean {
  const had = parseType(from.type);
  const wants = parseType(to.type);
  return had.base !== wants.base || had.array !== wants.array;
}

export function changeType(op: AlterColumn, scene: Scene): { readonly clauses: readonly Clause[]; readonly hazards: readonly Hazard[] } {
  const { from, to } = op;
  if (from.type === to.type && from.collation === to.collation && op.using === undefined) return { clauses: [], hazards: [] };
  const name = quoteName(to.name);
  const collate = to.collation === undefined ? "" : ` COLLATE ${collationSql(to.collation)}`;
  const using = op.using ?? castOf(from, to);
  const sql = `ALTER COLUMN ${name} TYPE ${to.type}${collate}${using === undefined ? "" : ` USING ${using}`}`;
  return { clauses: [clause(pass.type, sql, [to.name], op.using)], hazards: hazardsOf(op, scene) };
}

/**
 * Where the server has no assignment from one type to the other, an explicit cast says the same. Never to a text of limited length:
 * an explicit cast cuts what is too long without a word.
 */
function castOf(from: Column, to: Column): string | undefined {
  // a computed value is computed anew, and may not be cast
  if (!isRecast(from, to) || to.generated !== undefined) return undefined;
  const had = parseType(from.type);
  const wants = parseType(to.type);
  if (isText(wants) && !wants.array) return undefined;
  const name = quoteName(to.name);
  if (had.array && wants.array && isText(wants)) return undefined;
  const throughText = !isText(had) && (isOwnType(had) || isOwnType(wants));
  return throughText ? `${name}::text${had.array ? "[]" : ""}::${to.type}` : `${name}::${to.type}`;
}

function hazardsOf(op: AlterColumn, scene: Scene): readonly Hazard[] {
  const { from, to, table } = op;
  const { rewrite: rewrites, lossy }: RetypeCost =
    from.type === to.type ? { rewrite: op.using !== undefined } : retypeCost(from.type, to.type);
  const loses = lossy === undefined ? [] : [lossyCast(`${table}.${to.name}: ${lossy}`)];
  if (isFresh(scene, tableOf(op))) return loses;
  if (!rewrites) return from.type === to.type ? loses : [...loses, ...rebuilds(op, scene)];
  return [
    ...loses,
    rewrite(`every row of ${table} is written anew for ${to.name}`),
    blocksReads(`${table} is locked while ${to.name} takes its new type`),
  ];
}

/** A change of the catalogue alone, but for indexes that have more of the column than its values. Without the history nobody knows of them. */
function rebuilds({ to, table, ...op }: AlterColumn, scene: Scene): readonly Hazard[] {
  const name = to.name.toLowerCase();
  const { before } = scene.context;
  const known = before?.tables.find((one) => keyOf(one) === keyOf(tableOf({ ...op, table })));
  if (known === undefined) {
    return [
      blocksReads(`an index of ${table} with an expression or a condition on ${to.name}, if there is one, is built anew under a lock`),
    ];
  }
  return known.indexes
    .filter((index) => [index.where ?? "", ...indexExpressions(index)].some((text) => text.toLowerCase().includes(name)))
    .map((index) => blocksReads(`${table} is locked while ${index.name} is built anew`));
}
