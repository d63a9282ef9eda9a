/** The types that TypeORM's driver accepts, with what can be said besides: before and after a change. */
const types: readonly (readonly [type: string, before: string, after: string])[] = [
  ["int", "default: 5", "default: 6"],
  ["int2", "", "nullable: true"],
  ["int4", "default: -1", "default: -1"],
  ["int8", 'default: "5"', 'default: "-5"'],
  ["smallint", "", ""],
  ["integer", "", ""],
  ["bigint", "default: 1", "default: 2"],
  ["decimal", "precision: 10, scale: 2, default: 1.5", "precision: 12, scale: 2, default: 1.5"],
  ["numeric", "precision: 6", "precision: 8"],
  ["real", "default: 0.5", "default: 0.25"],
  ["float", "", "default: 1.5"],
  ["float4", "", ""],
  ["float8", "default: 1", "default: 2"],
  ["double precision", "", ""],
  ["money", 'default: "1.50"', 'default: "2.50"'],
  ["character varying", "length: 20", "length: 40"],
  ["varchar", 'default: "its"', 'default: "its so"'],
  ["character", "length: 5", "length: 6"],
  ["char", 'default: "x"', 'default: "y"'],
  ["text", 'default: "a"', "default: () => \"upper('b')\""],
  ["citext", 'default: "A"', 'default: "B"'],
  ["hstore", "default: () => \"'a=>1'\"", "default: () => \"'b=>2'\""],
  ["bytea", "default: () => \"'\\\\\\\\x00'\"", "nullable: true"],
  ["bit", "length: 4", "length: 4, nullable: true"],
  ["varbit", "length: 6", "length: 8"],
  ["bit varying", "", ""],
  ["timetz", "", ""],
  ["timestamptz", "precision: 3", "precision: 6"],
  ["timestamp", 'precision: 0, default: () => "CURRENT_TIMESTAMP"', 'precision: 0, default: () => "now()"'],
  ["timestamp without time zone", "", ""],
  [
    "timestamp with time zone",
    'precision: 3, default: () => "CURRENT_TIMESTAMP(3)"',
    'precision: 3, default: () => "CURRENT_TIMESTAMP(3)"',
  ],
  ["date", 'default: () => "CURRENT_DATE"', 'default: "2020-01-31"'],
  ["time", "precision: 0", "precision: 3"],
  ["time without time zone", "", ""],
  ["time with time zone", "precision: 3", "precision: 4"],
  ["interval", "precision: 3", "precision: 4"],
  ["bool", "default: true", "default: false"],
  ["boolean", 'default: "f"', 'default: "f"'],
  ["enum", 'enum: ["a", "b"], default: "a"', 'enum: ["a", "b", "c"], default: "c"'],
  ["simple-enum", 'enum: ["x", "y"]', 'enum: ["y", "x", "z"]'],
  ["point", "", ""],
  ["line", "", ""],
  ["lseg", "", ""],
  ["box", "", ""],
  ["path", "", ""],
  ["polygon", "", ""],
  ["circle", "default: () => \"'<(0,0),1>'\"", "default: () => \"'<(0,0),2>'\""],
  ["cidr", 'default: "10.0.0.0/8"', 'default: "10.0.0.0/9"'],
  ["inet", "", ""],
  ["macaddr", "", ""],
  ["macaddr8", "", ""],
  [
    "tsvector",
    'asExpression: "to_tsvector(\'simple\', \\"c_text\\")", generatedType: "STORED"',
    'asExpression: "to_tsvector(\'english\', \\"c_text\\")", generatedType: "STORED"',
  ],
  ["tsquery", "", ""],
  ["uuid", 'default: () => "uuid_generate_v4()"', 'default: () => "gen_random_uuid()"'],
  ["xml", "", ""],
  ["json", "default: { a: 1 }", "default: { a: 2 }"],
  ["jsonb", 'default: [1, { b: "its" }]', "default: {}"],
  ["jsonpath", "default: () => \"'$.a'\"", "default: () => \"'$.b'\""],
  ["int4range", 'default: "[1,5)"', 'default: "[1,6)"'],
  ["int8range", "", ""],
  ["numrange", "", ""],
  ["tsrange", "", ""],
  ["tstzrange", "", ""],
  ["daterange", "default: () => \"'empty'\"", "default: () => \"'empty'\""],
  ["int4multirange", "default: () => \"'{}'\"", "default: () => \"'{[1,2)}'\""],
  ["int8multirange", "", ""],
  ["nummultirange", "", ""],
  ["tsmultirange", "", ""],
  ["tstzmultirange", "", ""],
  ["datemultirange", "", ""],
  ["cube", "", ""],
  ["ltree", 'default: "a.b"', 'default: "a.c"'],
  ["simple-array", 'default: "a,b"', 'default: "b"'],
  ["simple-json", "", "nullable: true"],
];

const unarrayed = new Set(["simple-array", "simple-json", "simple-enum", "tsvector"]);

/** One entity with a column of each type, and one with an array of each. */
export function typesModel(state: "before" | "after"): string {
  const columns = types.map(([type, before, after]) => column(type, type, state === "before" ? before : after));
  const arrays = types
    .filter(([type]) => !unarrayed.has(type))
    .map(([type, before]) => {
      const kept = before.split(/, (?=\w+:)/).filter((one) => /^(?:length|precision|scale|enum)/.test(one));
      const value = state === "before" ? "default: []" : "nullable: true";
      return column(type, `${type} array`, ["array: true", ...kept, value].join(", "));
    });
  return `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity({ comment: "${state}" }) export class Types {
  @PrimaryGeneratedColumn() id!: number;
${columns.join("\n")}
}

@Entity({ schema: "app" }) export class Lists {
  @PrimaryGeneratedColumn("uuid") id!: string;
${arrays.join("\n")}
}
`;
}

const columnName = (name: string): string => `c_${name.replace(/\W/g, "_")}`;
const column = (type: string, name: string, options: string): string => `  @Column("${type}", { ${options} }) ${columnName(name)}!: any;`;

/** The columns that really change: one spelling of now() is as good as the other, and an enum's values and default change together. */
export const changedTypes = (): readonly string[] =>
  types
    .filter(([type, before, after]) => before !== after && !["timestamp", "enum", "simple-enum"].includes(type))
    .map(([type]) => columnName(type))
    .sort();
