import { dimensionsOf, elementType } from "./mentions.ts";

const families: Readonly<Record<string, string>> = {
  ...family("integer", "smallint integer int bigint tinyint mediumint int2 int4 int8 serial bigserial year"),
  ...family("decimal", "numeric decimal real double float money dec fixed"),
  ...family("text", "character char varchar text citext tinytext mediumtext longtext nchar nvarchar bpchar name"),
  ...family("moment", "date timestamp timestamptz datetime"),
  ...family("time", "time timetz"),
  ...family("boolean", "boolean bool"),
  ...family("json", "json jsonb"),
  ...family("binary", "bytea binary varbinary blob tinyblob mediumblob longblob"),
  ...family("bits", "bit varbit"),
  ...family("choice", "enum set"),
};

function family(name: string, members: string): Record<string, string> {
  return Object.fromEntries(members.split(" ").map((member) => [member, name]));
}

/** Types whose values are of one sort: the types of one family hold one another's values, or nearly. */
export function familyOf(type: string): string {
  const lower = elementType(type).toLowerCase();
  if (/^tinyint\(1\)/.test(lower)) return `boolean${dimensionsOf(type)}`;
  return `${families[wordOf(lower)] ?? lower}${dimensionsOf(type)}`;
}

/** A type of one of the families, and none of the schema's own. */
export const hasFamily = (type: string): boolean => Object.hasOwn(families, wordOf(type.toLowerCase()));

const wordOf = (type: string): string => /^[a-z0-9_]+/.exec(type)?.[0] ?? type;

/** `character varying(20)` → `character varying` */
export const baseOf = (type: string): string => type.toLowerCase().replace(/\([^)]*\)/, "");
