import { afterEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/core/db.ts";
import type { Backfill } from "../../src/core/operation.ts";
import type { Statement } from "../../src/core/statement.ts";
import { assume as mariadb } from "../../src/dialect/mysql/identify.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { readJournal } from "../../src/run/journal.ts";
import type { LiveOptions } from "../../src/run/options.ts";
import { engines, open, useDatabase } from "../support/databases.ts";
import { dialectOf, upgrade } from "./dialects.ts";

const digits = `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(" UNION ALL ")})`;

/** MySQL has no tables of numbers as MariaDB has. */
const numbersTo = (rows: number): string =>
  `(SELECT v FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS v FROM ${digits} AS a, ${digits} AS b, ${digits} AS c, ${digits} AS e) AS n WHERE v <= ${rows} ORDER BY v) AS s`;

describe.each(engines)("a backfill on %s", (engine) => {
  const database = useDatabase(engine);
  const concat = (...parts: readonly string[]) => (engine === "postgres" ? parts.join(" || ") : `CONCAT(${parts.join(", ")})`);
  const text = engine === "postgres" ? "text" : "varchar(100)";
  const fill = (op: Omit<Backfill, "kind">): Statement => {
    const [statement] =
      engine === "postgres"
        ? postgres.compile([{ kind: "backfill", ...op }], { server: postgres.assume("postgres") })
        : mysql.compile([{ kind: "backfill", ...op }], { server: mariadb("mariadb") });
    if (statement === undefined) throw new Error("no statement");
    return statement;
  };
  const sketch = (op: Omit<Backfill, "kind">, id = "a") => ({ id, upgrade: [fill(op)] });
  const journal = () => readJournal(database.db, dialectOf(engine).journal({ name: "limbeck_revision" }));
  const run = (op: Omit<Backfill, "kind">, more?: Partial<LiveOptions>) => upgrade(database.db, engine, [sketch(op)], more);
  const make = async (key: string, rows: number) => {
    await database.db.query(`CREATE TABLE notes (${key}, n int NOT NULL, word ${text})`);
    const numbers = engine === "postgres" ? `generate_series(1, ${rows}) AS s (v)` : numbersTo(rows);
    return numbers;
  };
  const values = async (sql: string) => (await database.db.query(sql)).map((row) => Object.values(row).join(" "));

  afterEach(async () => {
    await database.db.query("DROP TABLE IF EXISTS notes");
    await database.db.query("DROP TABLE IF EXISTS limbeck_revision");
  });

  it("changes every row once, in batches that grow, and tells how many and how long it takes", async () => {
    const from = await make("id int PRIMARY KEY", 5000);
    await database.db.query(`INSERT INTO notes SELECT v, 0, NULL FROM ${from}`);
    const events: RunEvent[] = [];
    await run({ table: "notes", set: { n: "n + 1" }, batch: 100 }, { onEvent: (event) => events.push(event) });
    expect(await values("SELECT n, count(*) AS rows_ FROM notes GROUP BY n")).toEqual(["1 5000"]);
    const rows = events.filter((event) => event.kind === "rows");
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.length).toBeLessThan(50);
    expect(rows[0]).toMatchObject({ revision: "a", index: 0, rows: 100, left: 4900 });
    expect(rows.at(-1)).toMatchObject({ rows: 5000, left: 0, secondsLeft: 0 });
    expect(rows.every((event) => event.kind === "rows" && event.perSecond > 0)).toBe(true);
  });

  it("goes along keys of every usual type, several columns wide, with hostile values in them", async () => {
    const keys: Readonly<Record<string, readonly [string, string]>> = {
      "large numbers": ["id bigint PRIMARY KEY", "9007199254740990 + v"],
      decimals: ["id decimal(30, 5) PRIMARY KEY", "12345678901234567890.5 + v"],
      texts: ["id varchar(60) PRIMARY KEY", concat(`'it''s "\\\\" é\u{1F600} '`, "CAST(v AS char(5))")],
      dates: ["id date PRIMARY KEY", engine === "postgres" ? "DATE '2020-01-01' + v" : "DATE '2020-01-01' + INTERVAL v DAY"],
      "two columns": ["a int, id int, PRIMARY KEY (a, id)", "v % 7, v"],
      bytes: [
        engine === "postgres" ? "id bytea PRIMARY KEY" : "id varbinary(20) PRIMARY KEY",
        engine === "postgres" ? "decode(md5(v::text), 'hex')" : "UNHEX(LEFT(SHA2(v, 256), 32))",
      ],
      uuids: [
        engine === "postgres" ? "id uuid PRIMARY KEY" : "id char(36) PRIMARY KEY",
        engine === "postgres" ? "md5(v::text)::uuid" : "LEFT(SHA2(v, 256), 32)",
      ],
    };
    for (const [what, [key, value]] of Object.entries(keys)) {
      const from = await make(key, 50);
      await database.db.query(`INSERT INTO notes SELECT ${value}, 0, NULL FROM ${from}`);
      await run({ table: "notes", set: { n: "n + 1" }, batch: 3 });
      expect(await values("SELECT n, count(*) AS rows_ FROM notes GROUP BY n"), what).toEqual(["1 50"]);
      await database.db.query("DROP TABLE notes");
      await database.db.query("DROP TABLE limbeck_revision");
    }
  });

  it("takes a unique key where there is no primary one, but none with NULLs", async () => {
    const from = await make("id int, code int NOT NULL UNIQUE, UNIQUE (id)", 20);
    await database.db.query(`INSERT INTO notes SELECT NULL, v, 0, NULL FROM ${from}`);
    await run({ table: "notes", set: { n: "n + 1" }, batch: 3 });
    expect(await values("SELECT n, count(*) AS rows_ FROM notes GROUP BY n")).toEqual(["1 20"]);
  });

  it("looks again for rows that came behind it, where a changed row leaves the condition", async () => {
    const from = await make("id int PRIMARY KEY", 20);
    await database.db.query(`INSERT INTO notes SELECT v, 0, NULL FROM ${from}`);
    const other = await open(engine, database.url);
    let behind: Promise<unknown> | null = null;
    const onEvent = (event: RunEvent) => {
      if (event.kind === "rows") behind ??= other.query("INSERT INTO notes VALUES (-1, 0, NULL)");
    };
    // the first statement of the walk after the insert waits for nobody: it is sent when the insert has been answered
    const query: Db["query"] = async (sql, given) => {
      await behind;
      return database.db.query(sql, given);
    };
    await upgrade({ ...database.db, query }, engine, [sketch({ table: "notes", set: { word: "'x'" }, where: "word IS NULL", batch: 5 })], {
      onEvent,
    });
    await other.close();
    expect(await values("SELECT word, count(*) AS rows_ FROM notes GROUP BY word")).toEqual(["x 21"]);
  });

  it("goes on exactly where it was stopped, though what it does may not be done twice", async () => {
    const from = await make("id int PRIMARY KEY", 1000);
    await database.db.query(`INSERT INTO notes SELECT v, 0, NULL FROM ${from}`);
    const op = { table: "notes", set: { n: "n + 1" }, batch: 10 };
    for (let stops = 0; stops < 3; stops++) {
      const controller = new AbortController();
      const onEvent = (event: RunEvent) => {
        if (event.kind === "rows") controller.abort();
      };
      const error: unknown = await run(op, { onEvent, signal: controller.signal }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ outcome: "interrupted" });
      expect(await values("SELECT count(*) AS rows_ FROM notes WHERE n = 1")).toEqual([String((stops + 1) * 10)]);
    }
    expect((await journal()).interrupted).toMatchObject({ id: "a", done: 0, total: 1 });
    await run(op);
    expect(await values("SELECT n, count(*) AS rows_ FROM notes GROUP BY n")).toEqual(["1 1000"]);
    expect((await journal()).interrupted).toBeNull();
  });

  it("rolls a batch back with its place in the journal when it fails, and keeps those before", async () => {
    const from = await make("id int PRIMARY KEY, CHECK (n < 2)", 100);
    await database.db.query(`INSERT INTO notes SELECT v, CASE v WHEN 35 THEN 1 ELSE 0 END, NULL FROM ${from}`);
    const op = { table: "notes", set: { n: "n + 1" }, batch: 10 };
    const error: unknown = await run(op).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ outcome: "failed", code: "statement-failed", details: { statement: 1 } });
    const changed = Number((await values("SELECT count(*) AS rows_ FROM notes WHERE n = 1 AND id <> 35"))[0]);
    expect([10, 30]).toContain(changed);
    await database.db.query("UPDATE notes SET n = 0 WHERE id = 35");
    await run(op);
    expect(await values("SELECT n, count(*) AS rows_ FROM notes GROUP BY n")).toEqual(["1 100"]);
  });

  it.runIf(engine === "postgres")(
    "goes along the rows' places where a table has no key, if a changed row leaves the condition",
    async () => {
      const from = await make("id int", 3000);
      await database.db.query(`INSERT INTO notes SELECT v, 0, NULL FROM ${from}`);
      await run({ table: "notes", set: { word: "'x'" }, where: "word IS NULL", batch: 100 });
      expect(await values("SELECT word, count(*) AS rows_ FROM notes GROUP BY word")).toEqual(["x 3000"]);
    },
  );

  it("refuses what would change rows twice, or can't be walked, with the way out", async () => {
    const from = await make("id int", 10);
    await database.db.query(`INSERT INTO notes SELECT v, 0, NULL FROM ${from}`);
    const error: unknown = await run({ table: "notes", set: { n: "n + 1" }, batch: 3 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ outcome: "refused", code: "backfill-without-key", hint: expect.stringContaining("op.execute") });
    expect(await values("SELECT n, count(*) AS rows_ FROM notes GROUP BY n")).toEqual(["0 10"]);
  });
});
