import type { Sample, Takes } from "../../core/sample.ts";
import { quoteLiteral, quoteName, quoteTable } from "./quote.ts";

/** Each question a row of rows, filled, distinct, unfit; in one batch, whose first statement limits the time of the others. */
export function samples(questions: readonly Sample[]): readonly string[] {
  return ["SET LOCAL statement_timeout = 2000", ...questions.map(sample)];
}

function sample({ table, limit, column, repeats, takes }: Sample): string {
  if (column === undefined) return `SELECT count(*), 0, 0, 0 FROM (SELECT 1 FROM ${quoteTable(table)} LIMIT ${limit}) AS s`;
  const name = `s.${quoteName(column)}`;
  const distinct = repeats ? `count(DISTINCT ${name})` : `count(${name})`;
  const unfit = takes === undefined ? "0" : `count(*) FILTER (WHERE ${name} IS NOT NULL AND ${misses(name, takes)})`;
  return `SELECT count(*), count(${name}), ${distinct}, ${unfit} FROM (SELECT ${quoteName(column)} FROM ${quoteTable(table)} LIMIT ${limit}) AS s`;
}

function misses(name: string, takes: Takes): string {
  if ("longest" in takes) return `char_length(${name}::text) > ${takes.longest}`;
  if ("among" in takes) return `${name}::text <> ALL (ARRAY[${takes.among.map(quoteLiteral).join(", ")}]::text[])`;
  return `NOT EXISTS (SELECT 1 FROM ${quoteTable(takes.keysOf)} AS r WHERE r.${quoteName(takes.column)} = ${name})`;
}
