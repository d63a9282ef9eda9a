import { describe, expect, it } from "vitest";
import { emptySchema } from "../../src/core/schema.ts";
import { canonical } from "../../src/dialect/mysql/canonical.ts";
import { normalizeDefault } from "../../src/dialect/mysql/defaults.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { introspect } from "../../src/dialect/mysql/introspect/index.ts";
import { normalize } from "../../src/dialect/mysql/normalize.ts";
import { normalizeType } from "../../src/dialect/mysql/types.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { expectReadBack, type Made, schemaOf } from "../support/matrix.ts";

const numbers = [undefined, "NULL", "0", "5", "'5'", "-3", "'-3'", "+7", "(5)", "(-5)", "(1 + 1)", "((1+2)*3)", "'007'"];
const texts = [
  undefined,
  "NULL",
  "''",
  "'a'",
  '"a"',
  "'it''s'",
  "'it\\'s'",
  "'a\\\\b'",
  "'a\\nb'",
  "'😀 ?'",
  "'?'",
  "5",
  "('a')",
  "(uuid())",
  "(UPPER('a'))",
  "(concat('a', 'b'))",
];
const moments = [
  undefined,
  "NULL",
  "CURRENT_TIMESTAMP",
  "current_timestamp()",
  "NOW()",
  "(now())",
  "LOCALTIMESTAMP",
  "'2020-01-31 10:00:00'",
  "'2020-01-31'",
  "(NOW() + INTERVAL 1 DAY)",
];
const precise = [
  undefined,
  "CURRENT_TIMESTAMP(6)",
  "CURRENT_TIMESTAMP",
  "now()",
  "CURRENT_TIMESTAMP(3)",
  "now(6)",
  "(current_timestamp(6))",
  "'2020-01-31 10:00:00.5'",
];
const json = [undefined, "NULL", "'{}'", "('{}')", "(json_object())", "(JSON_ARRAY('a', 1))", `'{"a": "it''s"}'`];

/** Every type that TypeORM's driver accepts with the defaults that entities can say, and then the known traps. */
const matrix: readonly (readonly [readonly string[], readonly (string | undefined)[]])[] = [
  [
    [
      "int",
      "integer",
      "int(11)",
      "int unsigned",
      "INT(10) UNSIGNED",
      "bigint",
      "bigint(20)",
      "smallint",
      "tinyint",
      "tinyint(1)",
      "mediumint",
      "int4",
      "int8",
      "int(5) unsigned zerofill",
    ],
    numbers.filter((value) => !value?.includes("-")),
  ],
  [["int", "bigint", "tinyint"], numbers],
  [
    ["bool", "boolean", "tinyint(1)"],
    [undefined, "TRUE", "true", "FALSE", "1", "0", "'1'", "(true)", "b'1'"],
  ],
  [
    ["decimal", "dec", "numeric", "fixed", "decimal(5)", "numeric(12,0)"],
    [undefined, "0", "5", "'5'", "5.4"],
  ],
  [
    ["decimal(10,2)", "dec(10, 2)", "decimal(10,2) unsigned"],
    [undefined, "0", "1.5", "'1.50'", "1.555", "'.5'", "1e1", "(1.5)"],
  ],
  [
    ["float", "double", "double precision", "real", "float(7,3)", "float(30)", "float(10)", "double(10,2)"],
    [undefined, "0", "0.1", "1.50", "'1.5'", "1e3", "1e20", "-2.25", "(rand())"],
  ],
  [
    ["bit", "bit(1)", "bit(8)"],
    [undefined, "b'1'", "1", "0", "b'0'", "true"],
  ],
  [
    [
      "varchar(255)",
      "char(10)",
      "varchar(36)",
      "character varying(50)",
      "text",
      "mediumtext",
      "longtext",
      "tinytext",
      "varchar(20) collate utf8mb4_bin",
      "varchar(20) character set latin1",
      "varchar(20) charset utf8mb4 collate utf8mb4_unicode_ci",
    ],
    texts.filter((value) => !value?.includes("uuid") && !value?.includes("😀")),
  ],
  [["varchar(36)", "varchar(255)"], texts],
  [["char", "character", "text(100)", "text(70000)", "long", "long varchar"], [undefined]],
  [
    ["enum('a','b')", "enum('a', 'b')", 'enum("a","b")', "ENUM('b','a') CHARACTER SET utf8mb4"],
    [undefined, "'a'", "'b'", "NULL", "('a')"],
  ],
  [["enum('a,b','it''s','c\\\\d','x\"y')"], [undefined, "'a,b'", "'it''s'"]],
  [["enum('😀','a')"], [undefined, "'a'"]],
  [
    ["set('a','b')", "set('a', 'b','c')"],
    [undefined, "'a'", "'a,b'", "''"],
  ],
  [["json"], json],
  [["datetime", "datetime(0)", "timestamp"], moments],
  [["datetime(6)", "timestamp(6)"], precise],
  [["datetime(3)"], [undefined, "CURRENT_TIMESTAMP(3)", "CURRENT_TIMESTAMP(6)", "'2020-01-31 10:00:00'"]],
  [["date"], [undefined, "'2020-01-31'", "(CURRENT_DATE)", "(curdate())", "(CURRENT_DATE + INTERVAL 1 DAY)"]],
  [
    ["time", "time(3)"],
    [undefined, "'12:00:00'", "'1:2:3'", "(CURRENT_TIME)"],
  ],
  [
    ["year", "year(4)"],
    [undefined, "2000", "'2000'", "'21'"],
  ],
  [
    ["binary", "binary(4)", "varbinary(10)", "varbinary(255)"],
    [undefined, "'a'", "0x41", "x'00'", "X'41'"],
  ],
  [
    ["blob", "tinyblob", "mediumblob", "longblob"],
    [undefined, "'x'", "('x')"],
  ],
  [["geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"], [undefined]],
];
const mariadbOnly: typeof matrix = [
  [["uuid"], [undefined, "(uuid())", "uuid()", "(UUID())", "'00000000-0000-0000-0000-000000000001'"]],
  [["inet6", "inet4"], [undefined]],
];

describe.runIf(engines.includes("mysql"))("a column type with a default", () => {
  const database = useDatabase("mysql");

  const patience = { timeout: 300_000 };
  it.each(["NULL", "NOT NULL"])(
    "reads back as what the models say, for every type and default of a %s column",
    patience,
    async (nullability) => {
      const { db } = database;
      const server = await identify(db);
      const prefix = nullability === "NULL" ? "loose_" : "strict_";
      const cases = [...matrix, ...(server.flavor === "mariadb" ? mariadbOnly : [])].flatMap(([types, defaults]) =>
        types.flatMap((type) => defaults.map((value) => ({ type, value }))),
      );
      const possible = cases.filter(({ value }) => nullability === "NULL" || value !== "NULL");
      const made: Made[] = [];
      for (const [at, { type, value }] of possible.entries()) {
        const name = prefix + String(at).padStart(4, "0");
        const create = (said: string | undefined) =>
          db.query(`CREATE TABLE ${name} (c ${type} ${nullability}${said === undefined ? "" : ` DEFAULT ${said}`})`).catch(() => null);
        // what MySQL does not take as it is said, it takes as we spell it
        const spelled = value === undefined ? undefined : normalizeDefault(value, normalizeType(type).type, server.flavor);
        const created = (await create(value)) ?? (await create(spelled));
        const column = {
          name: "c",
          type,
          ...(nullability === "NULL" && { nullable: true as const }),
          ...(value !== undefined && { default: value }),
        };
        if (created !== null) made.push({ name, column });
      }
      expect(possible.length - made.length, "few pairs are refused by the server").toBeLessThan(10);

      const scope = { schemas: [], ignore: [], include: ({ name }: { readonly name: string }) => name.startsWith(prefix) };
      const had = normalize((await introspect(db, server, scope)).schema, server);
      const answer = await canonical(db, server, normalize(schemaOf(made, emptySchema), server), had);
      expectReadBack(answer, had, made);
    },
  );
});
