import type { Revision } from "../../../src/core/revision.ts";
import { sql } from "../../../src/core/sql.ts";
import type { Engine } from "../../support/databases.ts";
import { revision } from "./history.ts";

/** A table with rows; then what reads all of it, writes all of it, or grows it. */
export function large(engine: Engine, count: number): readonly Revision[] {
  const postgres = engine === "postgres";
  const text = postgres ? "character varying(100)" : "varchar(100)";
  const int = postgres ? "integer" : "int";
  const entries = {
    columns: [
      { name: "id", type: int },
      { name: "n", type: int },
      { name: "text", type: text },
    ],
    primaryKey: { columns: ["id"] },
  };
  const rows = postgres
    ? sql`INSERT INTO entries SELECT i, i, repeat(md5(i::text), 2) FROM generate_series(1, ${count}) AS i`
    : sql`INSERT INTO entries SELECT seq, seq, REPEAT(MD5(seq), 2) FROM seq_1_to_${count}`;
  return [
    revision(
      "l1",
      null,
      (op) => {
        op.createTable("entries", entries);
        op.execute(rows);
      },
      () => {},
    ),
    revision(
      "l2",
      "l1",
      (op) => {
        op.addIndex("entries", { name: "entries_text", columns: ["text"] });
        op.backfill("entries", { set: { n: sql`n + 1` }, batch: 10000 });
        op.alterColumn("entries", "n", { type: { from: int, to: "bigint" } });
        op.execute(sql`UPDATE entries SET n = n + 1`);
        op.addIndex("entries", { name: "entries_n", columns: ["n"], unique: true });
      },
      () => {},
    ),
  ];
}
