import { indexColumns } from "../core/index-parts.ts";
import type { Point } from "../core/revision.ts";
import type { Sample, Sampled, Takes } from "../core/sample.ts";
import { type Column, keyOf, labelOf, type Schema, type Table } from "../core/schema.ts";
import { unquoted, valuesOf } from "./enum-values.ts";
import { tidy } from "./equal.ts";
import { familyOf } from "./families.ts";
import { typeNameOf } from "./mentions.ts";
import { tableOf, targetOf } from "./on.ts";

/** No more rows of a table are looked at: what a question costs does not grow with it. */
export const sampleLimit = 10_000;

interface Place {
  readonly had: Schema;
  readonly wanted: Schema;
}

/** What the rows are to be asked for a point; null: they have nothing to say. */
export function sampleFor(point: Point, place: Place): Sample | null {
  const { kind, from = "" } = point;
  if (kind === "renameTable") {
    const table = place.had.tables.find((one) => labelOf(one) === from);
    return table === undefined ? null : { table: nameOf(table), limit: sampleLimit };
  }
  const pair = kind === "rename" ? columnsOf(point, place) : null;
  if (pair === null) return null;
  const { had, table, old, fresh } = pair;
  return tidy<Sample>({
    table: nameOf(had),
    limit: sampleLimit,
    column: old.name,
    repeats: isUnique(table, fresh) && !isUnique(had, old) ? true : undefined,
    takes: takesOf(pair, place.wanted),
  });
}

/** The point with what the rows say of it: what is at stake, and what speaks for or against. */
export function withValues(point: Point, sample: Sample, sampled: Sampled, place: Place): Point {
  const { rows, filled } = sampled;
  const counted = rows >= sample.limit ? `${sample.limit} or more` : `${rows}`;
  if (rows === 0) return { ...point, stake: `nothing now: ${labelOf(sample.table)} has no rows` };
  if (sample.column === undefined) return { ...point, stake: `${point.stake} (${counted})` };
  if (filled === 0) return { ...point, stake: `nothing now: ${sample.column} is NULL in all ${counted} rows` };
  const said = judgeValues(point, sample, sampled, place);
  const weight = said.reduce((sum, [one]) => sum + one, point.confidence ?? 0);
  return {
    ...point,
    confidence: Math.round(Math.min(0.99, Math.max(0.05, weight)) * 100) / 100,
    evidence: [...point.evidence, ...said.map(([, text]) => text)],
    stake: `${point.stake} (${filled} of ${counted} rows have one)`,
  };
}

type Said = readonly [weight: number, text: string];

function judgeValues(point: Point, { column = "", takes, repeats }: Sample, { rows, filled, distinct, unfit }: Sampled, place: Place) {
  const to = point.to ?? "";
  const said: Said[] = [];
  if (takes !== undefined) said.push(fitOf(column, takes, filled, unfit));
  if (repeats) {
    if (distinct < filled) said.push([-0.3, `values of ${column} repeat, but ${to} is unique`]);
    else if (filled > 1) said.push([0.1, `no value of ${column} repeats, and ${to} is unique`]);
  }
  const fresh = columnsOf(point, place)?.fresh;
  if (filled < rows && fresh?.nullable === undefined) said.push([-0.1, `${rows - filled} rows have no ${column}, but ${to} is NOT NULL`]);
  return said;
}

/** That values are short proves little: only that they are too long is said. */
function fitOf(column: string, takes: Takes, filled: number, unfit: number): Said {
  if ("longest" in takes) {
    return unfit > 0 ? [-0.2, `${unfit} values of ${column} are longer than ${takes.longest}`] : [0, `no value of ${column} is too long`];
  }
  const what = "among" in takes ? "values of the new enum" : `keys of ${labelOf(takes.keysOf)}`;
  if (unfit === 0) return [0.2, `all ${filled} values of ${column} are ${what}`];
  return [-0.3, `${unfit} of ${filled} values of ${column} are no ${what}`];
}

interface Pair {
  readonly had: Table;
  readonly table: Table;
  readonly old: Column;
  readonly fresh: Column;
}

function columnsOf(point: Point, { had, wanted }: Place): Pair | null {
  const key = keyOf(tableOf(point));
  const [before, after] = [had.tables.find((one) => keyOf(one) === key), wanted.tables.find((one) => keyOf(one) === key)];
  const old = before?.columns.find(({ name }) => name === point.from);
  const fresh = after?.columns.find(({ name }) => name === point.to);
  return before === undefined || after === undefined || old === undefined || fresh === undefined
    ? null
    : { had: before, table: after, old, fresh };
}

/** What the new column demands and the old one did not. */
function takesOf({ had, table, old, fresh }: Pair, wanted: Schema): Takes | undefined {
  const key = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === fresh.name);
  if (
    key !== undefined &&
    !had.foreignKeys.some(({ columns }) => columns.includes(old.name)) &&
    familyOf(old.type) === familyOf(fresh.type)
  ) {
    const [column = ""] = key.references.columns;
    return { keysOf: targetOf(key), column };
  }
  if (old.type === fresh.type) return undefined;
  const own = wanted.enums.find((type) => keyOf(type) === keyOf(typeNameOf(fresh.type)));
  const among = own?.values ?? valuesOf(fresh.type)?.map(unquoted);
  if (among !== undefined && !fresh.type.endsWith("[]")) return { among };
  const longest = /^(?:character varying|character|varchar|char)\((\d+)\)$/i.exec(fresh.type)?.[1];
  return longest === undefined || familyOf(old.type) !== "text" ? undefined : { longest: Number(longest) };
}

const isUnique = (table: Table, { name }: Column): boolean =>
  [...table.uniques.map(({ columns }) => columns), ...table.indexes.filter(({ unique }) => unique).map(indexColumns)].some(
    (columns) => columns.length === 1 && columns[0] === name,
  );

const nameOf = ({ schema, name }: Table) => (schema === undefined ? { name } : { schema, name });
