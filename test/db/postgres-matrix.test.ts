import { describe, expect, it } from "vitest";
import { canonical } from "../../src/dialect/postgres/canonical.ts";
import { identify } from "../../src/dialect/postgres/identify.ts";
import { introspect } from "../../src/dialect/postgres/introspect/index.ts";
import { normalize } from "../../src/dialect/postgres/normalize.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { expectReadBack, type Made, schemaOf } from "../support/matrix.ts";

const numbers = [
  undefined,
  "NULL",
  "0",
  "5",
  "'5'",
  "-3",
  "'-3'",
  "+7",
  "(5)",
  "(-5)",
  "1 + 1",
  "((1+2)*3)",
  "'007'",
  "5::bigint",
  "'5'::smallint",
];
const decimals = [undefined, "0", "5", "1.5", "'1.50'", "1.50", "-2.25", "1e3", "'.5'", "(1.5)", "1.5::numeric", "random()"];
const texts = [
  undefined,
  "NULL",
  "NULL::character varying",
  "''",
  "'a'",
  "'it''s'",
  "'a\\b'",
  "'a::b'",
  "'x'::character varying",
  "'x'::text",
  "('x')",
  "('x'::text)::varchar",
  "'abc'::varchar(2)",
  "5",
  "'😀 ?'",
  "UPPER('AbC'::text)",
  "md5(random()::text)",
  "gen_random_uuid()",
  "CASE WHEN true THEN 'a' ELSE 'b' END",
  "current_setting('search_path'::text, true)",
  "current_user",
  "CURRENT_USER",
  "E'a\\nb'",
  "$$dollar's$$",
];
const moments = [
  undefined,
  "now()",
  "NOW()",
  "CURRENT_TIMESTAMP",
  "current_timestamp",
  "CURRENT_TIMESTAMP(3)",
  "LOCALTIMESTAMP",
  "localtimestamp(6)",
  "clock_timestamp()",
  "now() + interval '1 day'",
  "(now() at time zone 'utc')",
  "('now'::text)::timestamp(6) with time zone",
  "'2020-01-31 10:00:00'",
  "'2020-01-31'",
  "'2020-01-31T10:00:00.000Z'",
  "timezone('utc'::text, now())",
];
const json = [undefined, "'{}'", "'[]'::jsonb", '\'{"a":1,"b":[1,2]}\'', "'\"x\"'", "jsonb_build_object('a', 1)", "'[]'::json"];
const arrays = [undefined, "'{}'", "'{}'::text[]", "'{a,b}'", "'{ a, b }'", "ARRAY['a','b']", "ARRAY[]::text[]", "array['a b','c,d']"];

/** Types as entities and people write them, with the defaults that TypeORM users are known to write. */
const matrix: readonly (readonly [readonly string[], readonly (string | undefined)[]])[] = [
  [["int", "INTEGER", "int4", "bigint", "int8", "smallint", "int2"], numbers],
  [
    [
      "numeric",
      "decimal",
      "numeric(10,2)",
      "DECIMAL(12, 4)",
      "dec(5)",
      "real",
      "float4",
      "double precision",
      "float8",
      "float",
      "float(10)",
      "float(53)",
    ],
    decimals,
  ],
  [["money"], [undefined, "1", "'1'", "1.5", "'$2.00'"]],
  [
    ["bool", "boolean"],
    [undefined, "TRUE", "true", "'true'", "'t'", "'yes'", "FALSE", "'f'", "'0'", "(true)", "NOT true", "true::boolean"],
  ],
  [["text", "varchar", "character varying(255)", "varchar(36)"], texts],
  [
    ["char", "char(3)", "character(20)", "nchar(2)", "bpchar", "name", "citext"],
    [undefined, "'a'", "'a'::bpchar", "'ab'::char(1)"],
  ],
  [["uuid"], [undefined, "gen_random_uuid()", "GEN_RANDOM_UUID()", "uuid_generate_v4()", "'00000000-0000-0000-0000-00000000000A'"]],
  [["date"], [undefined, "now()", "CURRENT_DATE", "current_date", "'2020-01-31'", "('now'::text)::date", "CURRENT_DATE + 1"]],
  [
    ["time", "time(3)", "timetz", "time with time zone", "time(0) without time zone"],
    [undefined, "'12:00'", "'12:00:00'", "CURRENT_TIME", "LOCALTIME", "'1:2:3'::time"],
  ],
  [
    [
      "timestamp",
      "timestamptz",
      "timestamp(3)",
      "timestamp(3) with time zone",
      "timestamp with time zone",
      "timestamptz(6)",
      "TIMESTAMP WITHOUT TIME ZONE",
    ],
    moments,
  ],
  [
    ["interval", "interval(3)", "interval day to second", "interval year"],
    [undefined, "'1 hour'", "'1 hour'::interval", "interval '1 day'", "'01:00:00'", "'P1D'"],
  ],
  [["json", "jsonb"], json],
  [["text[]", "varchar[]", "varchar(20)[]", "text array", "text[3]"], arrays],
  [
    ["int[]", "integer[]", "bigint[]", "int[][]"],
    [undefined, "'{}'", "'{1,2}'", "'{1, 2}'", "'{}'::int[]", "ARRAY[1,2]", "ARRAY[]::integer[]", "'{{1,2},{3,4}}'"],
  ],
  [
    ["boolean[]", "uuid[]", "jsonb[]", "timestamptz[]", "numeric(5,2)[]"],
    [undefined, "'{}'"],
  ],
  [
    ["mood", '"mood"', "public.mood"],
    [undefined, "'sad'", "'sad'::mood", "'sad'::public.mood", "NULL", "NULL::mood"],
  ],
  [
    ['"Mood"', 'app."Mood"', "app.kind"],
    [undefined, "'x'"],
  ],
  [
    ["mood[]", '"mood"[]'],
    [undefined, "'{}'", "'{sad}'", "ARRAY['sad']::mood[]", "'{sad}'::mood[]", "ARRAY['sad'::mood, 'it''s'::mood]"],
  ],
  [["bytea"], [undefined, "'a'", "'\\xdeadbeef'", "'\\x00'::bytea", "decode('AA==', 'base64')"]],
  [
    ["bit", "bit(4)", "varbit", "bit varying(5)"],
    [undefined, "B'0101'", "'1'", "b'1'", "B'1'::bit(1)"],
  ],
  [
    ["inet", "cidr", "macaddr", "macaddr8"],
    [undefined, "'08:00:2b:01:02:03'", "'10.0.0.0/8'", "'10.0.0.0/8'::inet"],
  ],
  [
    ["point", "line", "lseg", "box", "path", "polygon", "circle"],
    [undefined, "point(0,0)", "'(0,0)'"],
  ],
  [
    ["tsvector", "tsquery", "xml", '"char"', "oid", "jsonpath", "pg_lsn"],
    [undefined, "'a'", "''"],
  ],
  [
    ["int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"],
    [undefined, "'empty'", "tstzrange(now(), null)", "'[1,5)'", "'[2020-01-01,2020-02-01)'"],
  ],
  [["hstore"], [undefined, "'a=>1'", "'a=>1'::hstore", "''"]],
  [
    ["posint", "app.posint", "pair"],
    [undefined, "5", "'5'", "5::posint"],
  ],
];

describe.runIf(engines.includes("postgres"))("a column type with a default", () => {
  const database = useDatabase("postgres");

  it("reads back as what the models say, for every type and default", async () => {
    const { db } = database;
    await db.query(`CREATE SCHEMA app; CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION "uuid-ossp";
      CREATE TYPE mood AS ENUM ('sad', 'it''s'); CREATE TYPE "Mood" AS ENUM ('x'); CREATE TYPE app."Mood" AS ENUM ('x'); CREATE TYPE app.kind AS ENUM ('x');
      CREATE DOMAIN posint AS integer CHECK (VALUE > 0); CREATE DOMAIN app.posint AS integer; CREATE TYPE pair AS (a integer, b integer)`);
    const server = await identify(db);
    const made: Made[] = [];
    const cases = matrix.flatMap(([types, defaults]) => types.flatMap((type) => defaults.map((value) => ({ type, value }))));
    for (const [at, { type, value }] of cases.entries()) {
      const name = `t${String(at).padStart(4, "0")}`;
      const created = await db.query(`CREATE TABLE ${name} (c ${type}${value === undefined ? "" : ` DEFAULT ${value}`})`).catch(() => null);
      if (created !== null)
        made.push({ name, column: { name: "c", type, nullable: true, ...(value !== undefined && { default: value }) } });
    }
    expect(made.length, "most pairs are accepted by the server").toBeGreaterThan(450);

    const had = normalize((await introspect(db, server, { schemas: ["app"], ignore: [] })).schema, server);
    const answer = await canonical(db, server, normalize(schemaOf(made, had), server), had);
    expectReadBack(answer, had, made);
    expect(await db.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'limbeck%'")).toEqual([]);
  });
});
