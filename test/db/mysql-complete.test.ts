import { describe, expect, it } from "vitest";
import { reverseAll } from "../../src/core/operations/index.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { diff } from "../../src/diff/diff.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { dump, reset, schemaOf, send } from "../support/mysql-compile.ts";

const t = (columns: string, options = "CHARACTER SET utf8mb4") => [`CREATE TABLE t (id int PRIMARY KEY, ${columns}) ${options}`];
const name64 = `${"n".repeat(61)}äöü`;
const parent = "CREATE TABLE p (id int NOT NULL PRIMARY KEY)";
const child = (type: string, index: string) => [
  `CREATE TABLE p (id ${type} NOT NULL PRIMARY KEY)`,
  `CREATE TABLE t (id int PRIMARY KEY, a ${type}, b int${index}, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))`,
];

/** A database before and after: the way there, nothing left to say, and the way back. */
const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["engine", t("a int", "ENGINE = InnoDB"), t("a int", "ENGINE = MyISAM")],
  [
    "a table's characters",
    t("a varchar(9), b text", "CHARACTER SET latin1"),
    t("a varchar(9), b text", "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
  ],
  ["a column's characters", t("a varchar(9)"), t("a varchar(9) CHARACTER SET latin1 COLLATE latin1_bin")],
  [
    "a column that says the server's collation in a table of another",
    t("a varchar(9)", "COLLATE utf8mb4_bin"),
    t("a varchar(9) COLLATE utf8mb4_general_ci", "COLLATE utf8mb4_bin"),
  ],
  ["unsigned", t("a int, b decimal(8,2)"), t("a int unsigned, b decimal(8,2) unsigned")],
  ["zerofill", t("a int unsigned"), t("a int(7) unsigned zerofill")],
  ["fractions of a second", t("a datetime, b timestamp NULL, c time"), t("a datetime(6), b timestamp(3) NULL, c time(1)")],
  [
    "ON UPDATE",
    t("a datetime(3) DEFAULT CURRENT_TIMESTAMP(3)"),
    t("a datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)"),
  ],
  ["virtual to stored", t("a int, g int AS (a + 1) VIRTUAL, z int"), t("a int, g int AS (a + 1) STORED, z int")],
  ["stored to virtual, with an index", t("a int, g int AS (a + 1) STORED, KEY k (g)"), t("a int, g int AS (a + 2) VIRTUAL, KEY k (g)")],
  ["plain to computed", t("a int, g int, z int"), t("a int, g int AS (a * 2) VIRTUAL, z int")],
  ["AUTO_INCREMENT", t("a int"), ["CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int)"]],
  ["comments", t("a int COMMENT 'it''s \\\\'", "COMMENT 'x'"), t("a int COMMENT '😀 \"new\"'", "COMMENT '😀 y'")],
  ["fulltext", t("a text"), t("a text, FULLTEXT KEY k (a)")],
  ["spatial", t("a point NOT NULL"), t("a point NOT NULL, SPATIAL KEY k (a)")],
  ["a prefix and an order", t("a varchar(90), b int, KEY k (a)"), t("a varchar(90), b int, KEY k (a(10), b DESC)")],
  ["an enum's values anywhere", t("a enum('x','z') DEFAULT 'x'"), t("a enum('w','x','y','z','😀') DEFAULT 'y'")],
  ["an enum's values in another order", t("a enum('x','y','z')"), t("a enum('z','x','y')")],
  ["an enum's values fewer", t("a enum('x','y','z') DEFAULT 'x'"), t("a enum('x','z') DEFAULT 'z'")],
  ["a set's values", t("a set('x','y') DEFAULT 'x'"), t("a set('y','x','it''s') DEFAULT 'x,y'")],
  ["a computed text with an emoji", t("a varchar(9)"), t("a varchar(9), g varchar(20) AS (concat(a, '😀')) STORED")],
  ["an emoji as a default", t("a varchar(9) DEFAULT 'a'"), t("a varchar(9) DEFAULT '😀'")],
  [
    "a primary key that widens",
    ["CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a))"],
    ["CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b))"],
  ],
  [
    "another primary key",
    ["CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a))"],
    ["CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (b))"],
  ],
  ["a primary key that goes", ["CREATE TABLE t (a int NOT NULL AUTO_INCREMENT PRIMARY KEY)"], ["CREATE TABLE t (a int NOT NULL)"]],
  ["json", t("a longtext"), t("a json")],
  ["an index that a foreign key stands on", child("int", ", KEY k (a)"), child("int", ", KEY k (a, b)")],
  ["an index that goes from under a foreign key", child("int", ", KEY k (a)"), child("int", "")],
  ["a unique index that goes from under a foreign key", child("int", ", UNIQUE KEY k (a)"), child("int", ", KEY j (b)")],
  ["a type on both sides of a foreign key", child("int", ", KEY k (a)"), child("bigint", ", KEY k (a)")],
  [
    "a foreign key's actions",
    [parent, "CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))"],
    [parent, "CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL)"],
  ],
  [
    "names of 64 characters",
    t("a int"),
    t(`a int, \`${name64}\` int, KEY \`${name64}\` (\`${name64}\`), CONSTRAINT \`${name64}\` CHECK (\`a\` > 0)`),
  ],
  ["checks", t("a int, CONSTRAINT c CHECK (a > 0)"), t("a int, CONSTRAINT c CHECK (a > 1 AND a < 9)")],
  [
    "a view's text",
    [...t("a int"), "CREATE VIEW v AS SELECT id FROM t"],
    [...t("a int"), "CREATE VIEW v AS SELECT id, a AS b FROM t WHERE a > 1"],
  ],
];

/** Types that MySQL does not have. */
const mariadbOnly: typeof cases = [["inet6 and uuid", t("b varchar(45), c varchar(36)"), t("b inet6, c uuid")]];

describe.runIf(engines.includes("mysql"))("every difference on MariaDB or MySQL", () => {
  const database = useDatabase("mysql");

  it.each(cases)("%s: found, carried out, nothing is left, and taken back", (_, before, after) => thereAndBack(before, after));

  it.each(mariadbOnly)("%s: found on MariaDB as well, unknown to MySQL", async (_, before, after) => {
    if (database.db.flavor === "mariadb") await thereAndBack(before, after);
    else await expect(reset(database.db, database.name, after)).rejects.toThrow(/syntax/);
  });

  async function thereAndBack(before: readonly string[], after: readonly string[]): Promise<void> {
    const { db, name } = database;
    await reset(db, name, after);
    const { schema: wanted } = await schemaOf(db);
    await reset(db, name, before);
    const first = await dump(db);
    const { schema: had, server } = await schemaOf(db);
    const rows = /^CREATE TABLE t \(id int PRIMARY KEY/.test(before.at(-1) ?? "") && !/point|p \(id/.test(before.join());
    if (rows) await db.query("INSERT INTO t (id) VALUES (1), (2)");

    const { operations } = diff(had, wanted, { rules: mysql.rules, known: had });
    expect(operations).not.toEqual([]);
    await send(db, mysql.compile(operations, { server, before: had }));
    const { schema: now } = await schemaOf(db);
    expect(diff(now, wanted, { rules: mysql.rules, known: now }).operations).toEqual([]);
    if (rows) expect(await db.query("SELECT COUNT(*) AS n FROM t")).toEqual([{ n: "2" }]);

    await send(db, mysql.compile(reverseAll(operations).operations, { server, before: now }));
    expect((await dump(db)).map(unsaid)).toEqual(first.map(unsaid));
  }
});

/** MySQL keeps whether a column has said the characters of its table by itself. */
function unsaid(text: string): string {
  const collation = / COLLATE=(\w+)/.exec(text)?.[1] ?? defaultCollation[/ CHARSET=(\w+)/.exec(text)?.[1] ?? ""];
  return text.replaceAll(` CHARACTER SET ${collation?.split("_")[0]} COLLATE ${collation}`, "");
}
const defaultCollation: Readonly<Record<string, string>> = { latin1: "latin1_swedish_ci", utf8mb4: "utf8mb4_0900_ai_ci" };
