/** What format_type prints for the names that people and TypeORM write. */
const aliases: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  serial: "integer",
  serial4: "integer",
  int2: "smallint",
  smallserial: "smallint",
  serial2: "smallint",
  int8: "bigint",
  bigserial: "bigint",
  serial8: "bigint",
  bool: "boolean",
  varchar: "character varying",
  "char varying": "character varying",
  char: "character",
  bpchar: "character",
  "national character": "character",
  "national character varying": "character varying",
  decimal: "numeric",
  dec: "numeric",
  float8: "double precision",
  double: "double precision",
  float4: "real",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  time: "time without time zone",
  timetz: "time with time zone",
  varbit: "bit varying",
};

/** `varchar(20)[]`, `TIMESTAMP(3) WITH TIME ZONE`, `int array` in the server's words. */
export function normalType(text: string): string {
  const trimmed = text.trim().replace(/\s+array$/i, "[]");
  const [, element = "", dimensions = ""] = /^(.*?)((?:\s*\[\d*\])*)$/s.exec(trimmed) ?? [];
  return elementType(element.trim()) + "[]".repeat((dimensions.match(/\[/g) ?? []).length > 0 ? 1 : 0);
}

function elementType(text: string): string {
  // quoted names and types of the user's own are what they are
  if (text.includes('"')) return text;
  const [, head = "", args, tail = ""] = /^([^(]*?)\s*(?:\(([^)]*)\))?\s*([^()]*)$/.exec(text) ?? [text, text];
  const words = `${head} ${tail}`.toLowerCase().replace(/\s+/g, " ").trim();
  const base = aliases[words] ?? (words.startsWith("interval") ? "interval" : words);
  if (base === "interval") return interval(words, args);
  if (base === "float") return Number(args ?? 53) <= 24 ? "real" : "double precision";
  const given = args === undefined || args.trim() === "" ? usual[base] : args.replace(/\s+/g, "");
  if (base === "numeric") return given === undefined ? base : `numeric(${given.includes(",") ? given : `${given},0`})`;
  if (given === undefined) return known(base) ? base : text;
  const [first, ...rest] = base.split(" ");
  // the precision stands after the first word: timestamp(3) with time zone
  if (/^time/.test(base)) return [`${first}(${given})`, ...rest].join(" ");
  return known(base) ? `${base}(${given})` : text;
}

/** What a bare word means. */
const usual: Readonly<Record<string, string>> = { character: "1", bit: "1" };

/** A built-in type is written in lower case; another name keeps its letters, as PostGIS types do. */
function known(base: string): boolean {
  return (
    /^(?:[a-z0-9_]+|character varying|double precision|bit varying|time(?:stamp)? with(?:out)? time zone)$/.test(base) &&
    !/^(?:geometry|geography|vector|halfvec)$/.test(base)
  );
}

function interval(words: string, args: string | undefined): string {
  const fields = words.slice("interval".length).trim();
  return `interval${fields === "" ? "" : ` ${fields}`}${args === undefined || args === "" ? "" : `(${args})`}`;
}
