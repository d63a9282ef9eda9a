import type { Column, Identity } from "../../../core/schema.ts";
import { derivedName, quoteLiteral } from "../quote.ts";
import { type Catalogue, commentOn, type Line } from "./rows.ts";

export function columnsOf(catalogue: Catalogue, oid: string, table: string): readonly Column[] {
  const sequences = new Map(catalogue.sequences.get(oid)?.map((line) => [line[1], line]));
  return [...(catalogue.columns.get(oid) ?? [])]
    .sort((a, b) => Number(a[1]) - Number(b[1]))
    .map((line) => columnOf(line, sequences.get(line[1] ?? null), table, catalogue));
}

function columnOf(line: Line, sequence: Line | undefined, table: string, catalogue: Catalogue): Column {
  const [, , column, type, notNull, expression, identity, generated, collation] = line;
  const name = column ?? "";
  const counts = sequence !== undefined && expression === `nextval(${quoteLiteral(sequence[3] ?? "")}::regclass)`;
  const owned = counts && sequence[4] !== derivedName(table, name, "seq") ? sequence[4] : undefined;
  return {
    name,
    type: typeOf(type ?? "", catalogue),
    ...(notNull !== "t" && { nullable: true as const }),
    ...(expression && !generated && !counts && { default: expression }),
    ...(expression && generated && { generated: { expression, stored: generated === "s" } }),
    ...(identity && { identity: identityOf(identity, sequence) }),
    ...(counts && { autoIncrement: true as const }),
    ...(owned && { sequence: owned }),
    ...(collation && { collation }),
    ...commentOn(catalogue, line[0], line[1] ?? ""),
  };
}

/** The types of extensions are called by their name alone, in whichever schema they were put. */
function typeOf(type: string, { extensionTypes }: Catalogue): string {
  if (!type.includes(".")) return type;
  for (const [printed, name] of extensionTypes) {
    if (type.startsWith(printed) && /^(?:$|[([])/.test(type.slice(printed.length))) return name + type.slice(printed.length);
  }
  return type;
}

const largest: Readonly<Record<string, string>> = { smallint: "32767", integer: "2147483647", bigint: "9223372036854775807" };
const smallest: Readonly<Record<string, string>> = { smallint: "-32768", integer: "-2147483648", bigint: "-9223372036854775808" };

function identityOf(kind: string, sequence: Line | undefined): Identity {
  const always = kind === "a";
  if (sequence === undefined) return { always };
  const [, , , , , type, start, increment, min, max, cache, cycle] = sequence;
  const down = increment?.startsWith("-") ?? false;
  const [low, high] = down ? [smallest[type ?? ""], "-1"] : ["1", largest[type ?? ""]];
  const options = [
    start === (down ? max : min) ? "" : `START WITH ${start}`,
    increment === "1" ? "" : `INCREMENT BY ${increment}`,
    min === low ? "" : `MINVALUE ${min}`,
    max === high ? "" : `MAXVALUE ${max}`,
    cache === "1" ? "" : `CACHE ${cache}`,
    cycle === "t" ? "CYCLE" : "",
  ].filter(Boolean);
  return options.length === 0 ? { always } : { always, options: options.join(" ") };
}
