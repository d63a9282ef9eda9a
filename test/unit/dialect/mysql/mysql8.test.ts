import { describe, expect, it } from "vitest";
import type { Db, Rows, Server } from "../../../../src/core/db.ts";
import { versionOf } from "../../../../src/dialect/mysql/identify.ts";
import { introspect } from "../../../../src/dialect/mysql/introspect/index.ts";
import { normalize } from "../../../../src/dialect/mysql/normalize.ts";

const server: Server = {
  flavor: "mysql",
  version: [8, 4, 3],
  defaultSchema: "shop",
  database: "shop",
  charset: "utf8mb4",
  collation: "utf8mb4_0900_ai_ci",
  engine: "InnoDB",
};

/** As the information_schema of MySQL 9.7 prints it, in the order of our queries: of expressions it shows every byte as a character. */
const recorded: readonly Rows[] = [
  [
    ["items", "BASE TABLE", "InnoDB", "utf8mb4_0900_ai_ci", "", ""],
    ["old", "BASE TABLE", "InnoDB", "utf8mb4_general_ci", "", "partitioned"],
    ["cheap", "VIEW", null, null, "VIEW", null],
  ],
  [
    ["items", "1", "id", "int unsigned", "NO", null, "auto_increment", "", null, null, ""],
    ["items", "2", "name", "varchar(50)", "NO", "it's \\ new", "", "", "utf8mb4", "utf8mb4_0900_ai_ci", "its name"],
    ["items", "3", "empty", "varchar(50)", "YES", "", "", "", "utf8mb4", "utf8mb4_0900_ai_ci", ""],
    ["items", "4", "word", "varchar(50)", "YES", "NULL", "", "", "utf8mb4", "utf8mb4_0900_ai_ci", ""],
    ["items", "5", "price", "decimal(10,2)", "YES", "1.50", "", "", null, null, ""],
    ["items", "6", "flag", "tinyint(1)", "NO", "1", "", "", null, null, ""],
    ["items", "7", "bits", "bit(4)", "YES", "b'101'", "", "", null, null, ""],
    ["items", "8", "key_bytes", "binary(2)", "YES", "0x6162", "", "", null, null, ""],
    ["items", "9", "uid", "varchar(36)", "YES", "uuid()", "DEFAULT_GENERATED", "", "utf8mb4", "utf8mb4_0900_ai_ci", ""],
    ["items", "10", "options", "json", "YES", "_utf8mb4\\'{\"a\": 1}\\'", "DEFAULT_GENERATED", "", null, null, ""],
    [
      "items",
      "11",
      "made",
      "datetime(6)",
      "NO",
      "CURRENT_TIMESTAMP(6)",
      "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)",
      "",
      null,
      null,
      "",
    ],
    ["items", "12", "day", "date", "YES", "curdate()", "DEFAULT_GENERATED", "", null, null, ""],
    ["items", "13", "born", "date", "YES", "2020-01-31", "", "", null, null, ""],
    [
      "items",
      "14",
      "label",
      "varchar(80)",
      "NO",
      null,
      "STORED GENERATED",
      "concat(`name`,_utf8mb4\\'\u00c3\u00a4 \u00f0\u009f\u0098\u0080\\')",
      "utf8mb4",
      "utf8mb4_0900_ai_ci",
      "",
    ],
    ["items", "15", "twice", "decimal(12,2)", "YES", null, "VIRTUAL GENERATED INVISIBLE", "(`price` * 2)", null, null, ""],
    ["items", "16", "kind", "enum('a','it''s')", "YES", "a", "", "", "utf8mb4", "utf8mb4_bin", ""],
    ["items", "17", "shop_id", "int", "YES", null, "", "", null, null, ""],
    ["old", "1", "id", "int", "YES", null, "", "", null, null, ""],
    ["cheap", "1", "id", "int unsigned", "NO", "0", "", "", null, null, ""],
  ],
  [
    ["items", "PRIMARY", "1", "0", "id", "A", null, "BTREE", "", "NO", null],
    [
      "items",
      "by_kind",
      "1",
      "1",
      null,
      "A",
      null,
      "BTREE",
      "",
      "NO",
      "cast(json_extract(`options`,_utf8mb4\\'$.\u00c3\u00a4\\') as char(20) charset utf8mb4)",
    ],
    ["items", "by_kind", "2", "1", "price", "D", null, "BTREE", "", "NO", null],
    ["items", "FK_shop", "1", "1", "shop_id", "A", null, "BTREE", "", "NO", null],
    ["items", "hidden", "1", "0", "name", "A", "10", "BTREE", "slow", "YES", null],
  ],
  [["items", "FK_shop", "1", "shop_id", "main", "shops", "id"]],
  [["items", "FK_shop", "SET NULL", "NO ACTION"]],
  [
    ["items", "ck", "Table", "((`price` > 0) and (`name` <> _utf8mb4\\'it\\\\\\'s \u00c3\u00a4\\'))"],
    ["items", "lazy", "Idle", "(`price` < 10)"],
  ],
  [["cheap", "select `shop`.`items`.`id` AS `id` from `shop`.`items` where (`shop`.`items`.`name` <> 'a')"]],
  [["items", "watch"]],
];

const recording: Db = {
  flavor: "mysql",
  session: "1",
  query: () => Promise.reject(new Error("not recorded")),
  warnings: () => Promise.resolve([]),
  close: () => Promise.resolve(),
  batch: (statements) => (statements.length === recorded.length ? Promise.resolve(recorded) : Promise.reject(new Error("not recorded"))),
};

describe("what MySQL 8 says of its tables", () => {
  it("is the same schema as MariaDB would give", async () => {
    const found = await introspect(recording, server, { schemas: [], ignore: [] });
    const { tables, views } = normalize(found.schema, server);
    expect(tables[0]).toEqual({
      name: "items",
      columns: [
        { name: "id", type: "int unsigned", autoIncrement: true },
        { name: "name", type: "varchar(50)", default: "'it''s \\\\ new'", comment: "its name" },
        { name: "empty", type: "varchar(50)", nullable: true, default: "''" },
        { name: "word", type: "varchar(50)", nullable: true, default: "'NULL'" },
        { name: "price", type: "decimal(10,2)", nullable: true, default: "1.50" },
        { name: "flag", type: "tinyint(1)", default: "1" },
        { name: "bits", type: "bit(4)", nullable: true, default: "b'101'" },
        { name: "key_bytes", type: "binary(2)", nullable: true, default: "'ab'" },
        { name: "uid", type: "varchar(36)", nullable: true, default: "(uuid())" },
        { name: "options", type: "json", nullable: true, default: `('{"a": 1}')` },
        { name: "made", type: "datetime(6)", default: "CURRENT_TIMESTAMP(6)", onUpdate: "CURRENT_TIMESTAMP(6)" },
        { name: "day", type: "date", nullable: true, default: "(curdate())" },
        { name: "born", type: "date", nullable: true, default: "'2020-01-31'" },
        { name: "label", type: "varchar(80)", generated: { expression: "concat(`name`,'ä 😀')", stored: true } },
        { name: "twice", type: "decimal(12,2)", nullable: true, generated: { expression: "`price` * 2", stored: false } },
        { name: "kind", type: "enum('a','it''s')", nullable: true, default: "'a'", collation: "utf8mb4_bin" },
        { name: "shop_id", type: "int", nullable: true },
      ],
      primaryKey: { columns: ["id"] },
      uniques: [],
      indexes: [
        {
          name: "by_kind",
          columns: [{ expression: "cast(json_extract(`options`,'$.ä') as char(20) charset utf8mb4)" }, { column: "price", order: "desc" }],
        },
        { name: "hidden", columns: [{ column: "name", prefix: 10 }], unique: true, comment: "slow" },
      ],
      foreignKeys: [
        { name: "FK_shop", columns: ["shop_id"], references: { schema: "main", table: "shops", columns: ["id"] }, onDelete: "SET NULL" },
      ],
      checks: [{ name: "ck", expression: "`price` > 0 and `name` <> 'it''s ä'" }],
      exclusions: [],
    });
    expect(tables[1]?.collation).toBe("utf8mb4_general_ci");
    expect(views[0]?.definition).toBe("select `items`.`id` AS `id` from `items` where (`items`.`name` <> 'a')");
    expect(found.notCompared.map(({ what }) => what)).toEqual([
      "table items",
      "column items.twice",
      "index items.hidden",
      "check items.lazy",
      "table old",
    ]);
  });

  it("knows its version, behind a proxy too", () => {
    expect(versionOf("8.4.3-standard")).toEqual([8, 4, 3]);
    expect(versionOf("10.11.19-MariaDB-0+deb12u1")).toEqual([10, 11, 19]);
    expect(versionOf("5.5.5-10.6.12-MariaDB-log")).toEqual([10, 6, 12]);
  });
});
