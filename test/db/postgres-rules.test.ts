import { beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../../src/core/schema.ts";
import { rules } from "../../src/dialect/postgres/rules.ts";
import { engines, useDatabase } from "../support/databases.ts";

const types = [
  ..."smallint integer bigint numeric numeric(10,2) real|double precision|money|boolean|text|character varying|character varying(20)|character(5)"
    .split("|")
    .flatMap((each) => (each.startsWith("smallint") ? each.split(" ") : [each])),
  ..."date|time without time zone|time with time zone|timestamp without time zone|timestamp with time zone|timestamp(3) with time zone|interval".split(
    "|",
  ),
  ..."json jsonb uuid xml bytea bit(4) bit(8) inet cidr macaddr point box int4range tstzrange mood other citext hstore tsvector".split(" "),
  "bit varying(8)",
  ..."text[] integer[] bigint[] mood[] other[] uuid[]".split(" "),
  "character varying(20)[]",
];

describe.runIf(engines.includes("postgres"))("a change of type", () => {
  const database = useDatabase("postgres");
  beforeAll(() =>
    database.db.query(
      "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE TYPE mood AS ENUM ('a'); CREATE TYPE other AS ENUM ('a', 'b')",
    ),
  );

  async function change(from: string, to: string, using: string): Promise<string | null> {
    const name = '"Some c"';
    const sent = ["BEGIN", `CREATE TABLE t (${name} ${from})`, `ALTER TABLE t ALTER ${name} TYPE ${to}${using}`, "ROLLBACK"];
    return database.db.batch(sent).then(
      () => null,
      async (error: Error) => {
        await database.db.batch(["ROLLBACK"]);
        return error.message;
      },
    );
  }

  it("is one that the server carries out, wherever it is said to be known", async () => {
    const refused: string[] = [];
    for (const from of types) {
      for (const to of types) {
        const conversion = rules.conversion({ name: "Some c", type: from }, { name: "Some c", type: to });
        if (conversion.kind !== "assign" && conversion.kind !== "using") continue;
        const using = conversion.kind === "using" ? ` USING ${conversion.expression}` : "";
        const refusal = await change(from, to, using);
        if (refusal !== null) refused.push(`${from} -> ${to}${using}: ${refusal}`);
      }
    }
    expect(refused).toEqual([]);
  });

  it("is not asked about where the server has an assignment cast of its own", async () => {
    const asked: string[] = [];
    for (const from of types) {
      for (const to of types) {
        if (rules.conversion({ name: "c", type: from }, { name: "c", type: to }).kind !== "ask") continue;
        if ((await change(from, to, "")) === null) asked.push(`${from} -> ${to}`);
      }
    }
    // what it does without a word is seldom what is meant: bits are cut, a list becomes `{a,b}`, days are dropped, the session's zone decides
    const silent =
      /^bit|^\S.*\[\] -> |^point -> box$|^interval -> time |^time without time zone -> time with time zone$|^timestamp with|^timestamp\(3\)/;
    expect(asked.filter((pair) => !silent.test(pair))).toEqual([]);
  });

  it.each([
    ["timestamp without time zone", "timestamp with time zone", "2020-01-31 10:00:00", "2020-01-31 10:00:00+00"],
    ["timestamp with time zone", "timestamp without time zone", "2020-01-31 10:00:00+02", "2020-01-31 08:00:00"],
    ["integer", "boolean", "2", "t"],
    ["boolean", "smallint", "t", "1"],
    ["text", "boolean", "yes", "t"],
    ["text", "jsonb", '{"a":1}', '{"a": 1}'],
    ["mood", "other", "a", "a"],
    ["mood[]", "other[]", "{a}", "{a}"],
    ["mood", "text", "a", "a"],
    ["text", "mood", "a", "a"],
  ])("keeps what %s means as %s, in any time zone", async (from, to, before, after) => {
    const { db } = database;
    const column = (type: string): Column => ({ name: "c", type });
    const conversion = rules.conversion(column(from), column(to));
    const using = conversion.kind === "using" ? ` USING ${conversion.expression}` : "";
    await db.batch(["BEGIN", "SET LOCAL TimeZone = 'Asia/Tokyo'", `CREATE TABLE t (c ${from})`]);
    await db.query("INSERT INTO t VALUES ($1)", [before]);
    await db.query(`ALTER TABLE t ALTER c TYPE ${to}${using}`);
    await db.batch(["SET LOCAL TimeZone = 'UTC'"]);
    const rows = await db.query("SELECT c FROM t");
    await db.batch(["ROLLBACK"]);
    expect(rows).toEqual([{ c: after }]);
  });
});
