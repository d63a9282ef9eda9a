import { atLeast, type Server } from "../../../core/db.ts";
import type { IfExists, Kind, Online, OnTable } from "../../../core/operation.ts";
import type { Index, QualifiedName } from "../../../core/schema.ts";
import { ifExists, isLiteral } from "../../shared/sql.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { dataCompilers } from "./data.ts";
import { indexSql } from "./index-sql.ts";
import { ownName } from "./own-names.ts";
import {
  type AlterPiece,
  alter,
  type Clause,
  clause,
  isFresh,
  named,
  type Piece,
  type PlainPiece,
  pass,
  plain,
  type Scene,
  type StagedPiece,
  tableOf,
} from "./piece.ts";
import { indexProbe, noIndexProbe, validProbe } from "./probes.ts";
import { isVolatile } from "./volatile.ts";

/** Is somebody else at work on the table, so that a lock on it must be short? */
export function isOnline(scene: Scene, op: OnTable & Online): boolean {
  return scene.context.online !== false && op.online !== false && !isFresh(scene, tableOf(op));
}

/** What a partitioned table knows only the plain form of. */
export const plainOnPartitioned = (server: Server): readonly Kind[] => [
  "addIndex",
  "dropIndex",
  "addUnique",
  "addPrimaryKey",
  ...(atLeast(server, 18) ? [] : (["addForeignKey"] as const)),
];

export function buildIndex(index: Index, table: QualifiedName): PlainPiece {
  const name = quoteTable(named(index.name, table.schema));
  return plain(indexSql(index, table, "CONCURRENTLY"), { transactional: false, patient: true, probe: indexProbe(index, table, name) });
}

export function dropIndexBeside(op: OnTable & IfExists, name: string): PlainPiece {
  const table = tableOf(op);
  return plain(`DROP INDEX CONCURRENTLY ${ifExists(op)}${quoteTable(named(name, table.schema))}`, {
    transactional: false,
    patient: true,
    probe: noIndexProbe(name, table),
  });
}

/** Holds for new rows at once; the old ones are looked at while others read and write. */
export function announceAndValidate(op: OnTable, name: string, announce: Clause): StagedPiece {
  return { kind: "staged", phases: [alter(op, [notValid(announce)]), [], [validate(op, name)]] };
}

const notValid = (announce: Clause): Clause => ({ ...announce, sql: `${announce.sql} NOT VALID` });

function validate(op: OnTable, name: string): PlainPiece {
  return plain(`ALTER TABLE ${quoteTable(tableOf(op))} VALIDATE CONSTRAINT ${quoteName(name)}`, {
    transactional: false,
    patient: true,
    probe: validProbe(name, tableOf(op)),
  });
}

/** A check that is valid already spares SET NOT NULL, and a primary key, their look at every row under the lock. */
export interface Proof {
  readonly announce: readonly AlterPiece[];
  readonly check: PlainPiece;
  readonly forget: readonly AlterPiece[];
}

export function proofOfNotNull(op: OnTable, name: string, columns: readonly string[]): Proof {
  const expression = columns.map((column) => `${quoteName(column)} IS NOT NULL`).join(" AND ");
  return {
    announce: alter(op, [
      // one that a run left behind which was given up
      clause(pass.drop, `DROP CONSTRAINT IF EXISTS ${quoteName(name)}`, [name]),
      clause(pass.constraint, `ADD CONSTRAINT ${quoteName(name)} CHECK (${expression}) NOT VALID`, [name], expression),
    ]),
    check: validate(op, name),
    forget: alter(op, [clause(pass.drop, `DROP CONSTRAINT ${quoteName(name)}`, [name, ...columns])]),
  };
}

/** With a fill the rows are filled in batches first, and once more when no row without a value can come any more. */
export function notNullBeside(op: OnTable, column: string, fill: string | undefined, scene: Scene): readonly Piece[] {
  const { announce, check, forget } = proofOfNotNull(op, ownName("not_null", column), [column]);
  const filling = fill === undefined ? [] : fillBeside(op, column, fill, scene);
  const set = alter(op, [clause(pass.attribute, `ALTER COLUMN ${quoteName(column)} SET NOT NULL`, [column])]);
  return [...filling, { kind: "staged", phases: [announce, filling, [check], set, forget] }];
}

/** Rows that the fill gives no value are left out: they would come again and again. */
export function fillBeside(op: OnTable, column: string, fill: string, scene: Scene): readonly PlainPiece[] {
  const name = quoteName(column);
  const certain = isVolatile(fill) || (isLiteral(fill) && !/^\s*null\s*$/i.test(fill));
  const where = certain ? `${name} IS NULL` : `${name} IS NULL AND (${fill}) IS NOT NULL`;
  const { schema, table } = op;
  const pieces = dataCompilers.backfill(
    { kind: "backfill", ...(schema === undefined ? {} : { schema }), table, set: { [column]: fill }, where },
    scene,
  );
  return pieces.filter((piece) => piece.kind === "plain");
}
