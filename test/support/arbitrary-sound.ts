import {
  type Column,
  type EnumType,
  emptySchema,
  type ForeignKey,
  type Index,
  type Schema,
  type Table,
  type Unique,
  type View,
} from "../../src/core/schema.ts";
import { typeNameOf } from "../../src/core/type-name.ts";
import { chance, type Gen, maybe, number, pick, some } from "./arbitrary.ts";

/**
 * Random schemas that the server itself takes: every default fits its type, every key its columns, every foreign key a key. The names are few,
 * so that two schemas have much in common, and some of them need quoting.
 */
export interface Sound {
  readonly engine: "postgres" | "mysql";
  readonly types: readonly Sort[];
}

interface Sort {
  readonly type: string;
  readonly defaults: readonly string[];
  readonly is: "whole" | "text" | "long" | "other" | "document" | "list" | "moment";
}

const sorts = (is: Sort["is"], defaults: readonly string[], ...types: readonly string[]): readonly Sort[] =>
  types.map((type) => ({ type, defaults, is }));

export const soundPostgres: Sound = {
  engine: "postgres",
  types: [
    ...sorts("whole", ["0", "7", "-1"], "integer", "bigint", "smallint", "integer"),
    ...sorts("text", ["''", "'it''s'", "'7'"], "text", "character varying(20)", "character varying(50)"),
    ...sorts("text", ["'no'"], "character(3)"),
    ...sorts("other", ["0", "1.5"], "numeric(12,2)", "numeric(14,4)", "double precision"),
    ...sorts("other", ["true", "false"], "boolean"),
    ...sorts("moment", ["now()", "CURRENT_TIMESTAMP"], "timestamp without time zone", "timestamp with time zone", "date"),
    ...sorts("other", ["gen_random_uuid()"], "uuid"),
    ...sorts("document", ["'{}'"], "jsonb"),
    ...sorts("list", ["'{}'", "ARRAY[]::text[]"], "text[]"),
  ],
};
export const soundMysql: Sound = {
  engine: "mysql",
  types: [
    ...sorts("whole", ["0", "7"], "int", "bigint", "int unsigned", "int"),
    ...sorts("text", ["''", "'it''s'", "'7'"], "varchar(20)", "varchar(50)"),
    ...sorts("text", ["'no'"], "char(3)"),
    ...sorts("long", [], "text", "longtext"),
    ...sorts("other", ["0.00"], "decimal(12,2)"),
    ...sorts("other", ["0", "1"], "tinyint(1)"),
    ...sorts("other", ["'a'"], "enum('a','b')", "enum('a','c','b')", "enum('b','a')"),
    ...sorts("moment", ["current_timestamp(6)"], "datetime(6)", "timestamp(6)"),
  ],
};

const tableNames = ["a", "b", "Order", "with space"];
const columnNames = ["c1", "c2", "C3", "a name", "other"];
const texts = ["x", "it's"];

interface Draft extends Table {
  readonly sorts: ReadonlyMap<string, Sort>;
}

export function soundSchema(gen: Gen, sound: Sound): Schema {
  const rich = sound.engine === "postgres";
  const enums = rich ? someEnums(gen) : [];
  const places = [
    ...some(gen, tableNames, 1, 3).map((name) => ({ name })),
    ...(rich && chance(gen, 2) ? [{ schema: "app", name: "a" }] : []),
  ];
  const bare = places.map((place) => someDraft(gen, sound, place, enums));
  const tables = bare.map(({ sorts, ...table }, at) => ({
    ...table,
    foreignKeys: someForeignKeys(gen, sound, { ...table, sorts }, bare, at),
  }));
  const used = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type.replace("[]", ""))));
  return {
    ...emptySchema,
    namespaces: rich ? ["app"] : [],
    enums: enums.filter((type) => used.has(typeNameOf(type))),
    tables,
    views: someViews(gen, sound, bare),
  };
}

function someEnums(gen: Gen): readonly EnumType[] {
  return [
    { name: "Mood", values: some(gen, ["sad", "glad", "so so"], 1, 3) },
    { schema: "app", name: "state", values: some(gen, ["on", "off", "it's"], 1, 3) },
  ];
}

function someDraft(gen: Gen, sound: Sound, place: { readonly schema?: string; readonly name: string }, enums: readonly EnumType[]): Draft {
  const id = pick(gen, sound.engine === "postgres" ? ["integer", "bigint"] : ["int", "bigint"]);
  const sorts = new Map<string, Sort>([["id", { type: id, defaults: [], is: "whole" }]]);
  const keyed = !chance(gen, 5);
  // MariaDB takes no AUTO_INCREMENT in a check or a generated column
  const counts = keyed && (sound.engine === "postgres" || chance(gen, 3));
  const columns: Column[] = [{ name: "id", type: id, ...(counts ? counting(gen, sound) : {}) }];
  for (const name of some(gen, columnNames, 0, 4)) {
    const own = enums.length > 0 && chance(gen, 5) ? enumSort(gen, pick(gen, enums)) : pick(gen, sound.types);
    columns.push(someColumn(gen, sound, name, own, sound.engine === "postgres" || !counts));
    sorts.set(name, own);
  }
  const prefix = `${place.schema ?? ""}${place.name}`;
  const plain = columns.filter(({ name }) => !["long", "document"].includes(sorts.get(name)?.is ?? ""));
  const whole = plain.filter(({ nullable, generated }) => nullable === undefined && generated === undefined).map(({ name }) => name);
  const second = whole.find((name) => name !== "id");
  const key = second !== undefined && chance(gen, 4) ? ["id", second] : ["id"];
  return {
    ...place,
    sorts,
    columns,
    ...(keyed
      ? {
          primaryKey: {
            ...(sound.engine === "postgres" ? { name: pick(gen, [`pk ${prefix}`, `pk2 ${prefix}`]) } : {}),
            columns: key,
          },
        }
      : {}),
    uniques: sound.engine === "postgres" ? someUniques(gen, prefix, plain, key) : [],
    indexes: someIndexes(gen, sound, prefix, columns, sorts),
    foreignKeys: [],
    checks:
      (sound.engine === "postgres" || !counts) && chance(gen, 3)
        ? [{ name: `ck ${prefix}`, expression: pick(gen, ["id > 0", "(id <> 9)", "id>0 and id<1000"]) }]
        : [],
    exclusions:
      sound.engine === "postgres" && id === "integer" && chance(gen, 6)
        ? [{ name: `ex ${prefix}`, expression: "USING gist (int4range(id, id + 1) WITH &&)" }]
        : [],
    ...maybe(gen, "comment", () => pick(gen, texts)),
  };
}

function counting(gen: Gen, { engine }: Sound): Partial<Column> {
  if (engine === "mysql") return { autoIncrement: true };
  return pick<Partial<Column>>(gen, [{}, { autoIncrement: true }, { identity: { always: false } }, { identity: { always: true } }]);
}

function enumSort(gen: Gen, type: EnumType): Sort {
  const name = typeNameOf(type);
  const value = (type.values[0] ?? "").replaceAll("'", "''");
  return chance(gen, 4) ? { type: `${name}[]`, defaults: ["'{}'"], is: "list" } : { type: name, defaults: [`'${value}'`], is: "other" };
}

function someColumn(gen: Gen, { engine }: Sound, name: string, { type, defaults, is }: Sort, computes: boolean): Column {
  const column: Column = { name, type, ...maybe(gen, "comment", () => pick(gen, texts)) };
  if (is === "whole" && computes && chance(gen, 4)) {
    const stored = engine === "postgres" || chance(gen, 2);
    return {
      ...column,
      ...(engine === "postgres" ? {} : { nullable: true }),
      generated: { expression: pick(gen, ["id + 1", "(id*2)"]), stored },
    };
  }
  return {
    ...column,
    ...(chance(gen, 2) ? { nullable: true } : {}),
    ...(defaults.length > 0 ? maybe(gen, "default", () => pick(gen, defaults)) : {}),
    ...(engine === "postgres" && type === "text" ? maybe(gen, "collation", () => "C") : {}),
    ...(engine === "mysql" && is === "text" ? maybe(gen, "collation", () => "utf8mb4_bin") : {}),
    ...(engine === "mysql" && is === "moment"
      ? { default: "current_timestamp(6)", ...maybe(gen, "onUpdate", () => "current_timestamp(6)") }
      : {}),
  };
}

/** Two over the same columns, or one over the primary key's, would be one to a CREATE TABLE. */
function someUniques(gen: Gen, prefix: string, columns: readonly Column[], primaryKey: readonly string[]): readonly Unique[] {
  const taken = new Set([[...primaryKey].sort().join()]);
  return ["uq1", "uq2"].flatMap((name): Unique[] => {
    const over = some(gen, columns, 1, 2).map((column) => column.name);
    const key = [...over].sort().join();
    if (taken.has(key) || !chance(gen, 3)) return [];
    taken.add(key);
    return [{ name: `${name} ${prefix}`, columns: over, ...maybe(gen, "deferrable", () => pick(gen, ["immediate", "deferred"] as const)) }];
  });
}

function someIndexes(
  gen: Gen,
  sound: Sound,
  prefix: string,
  columns: readonly Column[],
  sorts: ReadonlyMap<string, Sort>,
): readonly Index[] {
  return ["ix1", "ix2", "ix3"].flatMap((name) =>
    chance(gen, 3)
      ? [{ name: `${name} ${prefix}`, ...(sound.engine === "postgres" ? indexOf(gen, columns, sorts) : mysqlIndex(gen, columns, sorts)) }]
      : [],
  );
}

function indexOf(gen: Gen, columns: readonly Column[], sorts: ReadonlyMap<string, Sort>): Omit<Index, "name"> {
  const of = (...kinds: readonly Sort["is"][]) => columns.filter(({ name }) => kinds.includes(sorts.get(name)?.is ?? "other"));
  const [document] = of("document", "list").filter(({ type }) => type === "jsonb" || type === "text[]");
  if (document !== undefined && chance(gen, 2)) return { columns: [document.name], method: "gin" };
  const plain = of("whole", "text", "other", "moment");
  const [text] = of("text");
  if (text !== undefined && chance(gen, 3))
    return { columns: [{ expression: `lower("${text.name}")` }], ...maybe(gen, "unique", () => true as const) };
  const parts = some(gen, plain, 1, 2).map(({ name }) => (chance(gen, 3) ? { column: name, order: "desc" as const } : name));
  return {
    columns: parts,
    ...maybe(gen, "unique", () => true as const),
    ...maybe(gen, "where", () => pick(gen, ["id > 5", "(id is not null)"])),
    ...maybe(gen, "include", () => ["id"]),
    ...maybe(gen, "options", () => "fillfactor=70"),
  };
}

function mysqlIndex(gen: Gen, columns: readonly Column[], sorts: ReadonlyMap<string, Sort>): Omit<Index, "name"> {
  const stored = columns.filter(({ generated }) => generated?.stored !== false);
  const of = (...kinds: readonly Sort["is"][]) => stored.filter(({ name }) => kinds.includes(sorts.get(name)?.is ?? "other"));
  const [long] = of("long");
  if (long !== undefined && chance(gen, 2))
    return chance(gen, 2) ? { columns: [long.name], kind: "fulltext" } : { columns: [{ column: long.name, prefix: 10 }] };
  return {
    columns: some(gen, of("whole", "text", "other", "moment"), 1, 2).map(({ name }) => name),
    ...maybe(gen, "unique", () => true as const),
  };
}

/** To any table whose key is its id: cycles and self-references come by themselves. */
function someForeignKeys(gen: Gen, { engine }: Sound, table: Draft, tables: readonly Draft[], at: number): readonly ForeignKey[] {
  const targets = tables.filter(({ primaryKey }) => primaryKey?.columns.length === 1);
  return table.columns.flatMap((column): ForeignKey[] => {
    if (column.name === "id" || column.generated !== undefined || table.sorts.get(column.name)?.is !== "whole" || !chance(gen, 2))
      return [];
    const fits = targets.filter(({ columns: [id] }) => engine === "postgres" || id?.type === column.type);
    if (fits.length === 0) return [];
    const { name, schema } = pick(gen, fits);
    const actions = (["CASCADE", "RESTRICT", ...(column.nullable ? (["SET NULL"] as const) : [])] as const).slice();
    return [
      {
        name: `fk ${at}${table.schema ?? ""} ${column.name}`,
        columns: [column.name],
        references: { ...(schema === undefined ? {} : { schema }), table: name, columns: ["id"] },
        ...maybe(gen, "onDelete", () => pick(gen, actions)),
        ...maybe(gen, "onUpdate", () => pick(gen, ["CASCADE"] as const)),
        ...(engine === "postgres" ? maybe(gen, "deferrable", () => "deferred" as const) : {}),
      },
    ];
  });
}

function someViews(gen: Gen, { engine }: Sound, tables: readonly Draft[]): readonly View[] {
  if (!chance(gen, 2)) return [];
  const quote = (name: string) => (engine === "postgres" ? `"${name}"` : `\`${name}\``);
  const read = pick(gen, tables);
  const columns = some(gen, read.columns, 1, 2).map(({ name }) => quote(name));
  const place = [read.schema, read.name].flatMap((name) => (name === undefined ? [] : [quote(name)])).join(".");
  const first: View = { name: "v1", definition: `SELECT ${columns.join(", ")}, ${number(gen, 2)} AS n FROM ${place}`, indexes: [] };
  const materialized = engine === "postgres" && chance(gen, 3);
  const made = materialized ? { ...first, materialized: true as const, indexes: [{ name: "ix v1", columns: ["n"] }] } : first;
  return chance(gen, 2) ? [made, { name: "v2", definition: "SELECT n FROM v1", indexes: [] }] : [made];
}
