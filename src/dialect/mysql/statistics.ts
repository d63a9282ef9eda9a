import type { Server } from "../../core/db.ts";
import type { Sample, Takes } from "../../core/sample.ts";
import { quoteLiteral, quoteName, quoteTable } from "./quote.ts";

/** Each question a row of rows, filled, distinct, unfit; each limits its own time. */
export function samples(questions: readonly Sample[], { flavor }: Server): readonly string[] {
  return questions.map((question) =>
    flavor === "mariadb"
      ? `SET STATEMENT max_statement_time = 2 FOR SELECT ${sample(question)}`
      : `SELECT /*+ MAX_EXECUTION_TIME(2000) */ ${sample(question)}`,
  );
}

function sample({ table, limit, column, repeats, takes }: Sample): string {
  if (column === undefined) return `count(*), 0, 0, 0 FROM (SELECT 1 FROM ${quoteTable(table)} LIMIT ${limit}) AS s`;
  const name = `s.${quoteName(column)}`;
  const distinct = repeats ? `count(DISTINCT ${name})` : `count(${name})`;
  const unfit = takes === undefined ? "0" : `COALESCE(SUM(${name} IS NOT NULL AND ${misses(name, takes)}), 0)`;
  return `count(*), count(${name}), ${distinct}, ${unfit} FROM (SELECT ${quoteName(column)} FROM ${quoteTable(table)} LIMIT ${limit}) AS s`;
}

function misses(name: string, takes: Takes): string {
  if ("longest" in takes) return `CHAR_LENGTH(${name}) > ${takes.longest}`;
  if ("among" in takes) return `${name} NOT IN (${takes.among.map(quoteLiteral).join(", ")})`;
  return `NOT EXISTS (SELECT 1 FROM ${quoteTable(takes.keysOf)} AS r WHERE r.${quoteName(takes.column)} = ${name})`;
}
