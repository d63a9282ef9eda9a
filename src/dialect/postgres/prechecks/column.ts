import type { AddColumn, AlterColumn, AlterEnum } from "../../../core/operation.ts";
import { labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompileContext } from "../../dialect.ts";
import { quoteLiteral, quoteName } from "../quote.ts";
import { parseType } from "../type.ts";
import { type Before, nameOf } from "./before.ts";
import { type Misfit, misfit } from "./cast.ts";
import { columnLabel, fillHint, type Question, rowsWhere, usingHint } from "./question.ts";

export function addColumn(op: AddColumn, before: Before): readonly Question[] {
  const { column } = op;
  const filled = column.nullable ?? column.default ?? op.fill ?? column.generated ?? column.identity ?? column.autoIncrement;
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  if (filled !== undefined || table === null) return [];
  const label = columnLabel(now, column.name);
  return [
    rowsWhere({
      code: "no-fill",
      table,
      columns: [],
      where: "true",
      message: `${label} is NOT NULL, and ${labelOf(now)} has rows that would have no value for it`,
      hint: fillHint(label),
    }),
  ];
}

export function alterColumn(op: AlterColumn, before: Before, context: CompileContext): readonly Question[] {
  const now = nameOf(op.schema, op.table);
  const table = before.table(now);
  const column = before.column(now, op.to.name);
  if (table === null || column === null || op.to.generated !== undefined) return [];
  const label = columnLabel(now, op.to.name);
  return [...nulls(op, table, column, label), ...misfits(op, before, context, table, column, label)];
}

function nulls(op: AlterColumn, table: QualifiedName, column: string, label: string): readonly Question[] {
  const tightens = op.from.nullable === true && !op.to.nullable && op.fill === undefined;
  if (!tightens || (op.using !== undefined && plainCast(op) === null)) return [];
  return [
    rowsWhere({
      code: "nulls",
      table,
      columns: [column],
      where: `t.${quoteName(column)} IS NULL`,
      message: `${label} has NULLs`,
      hint: fillHint(label),
    }),
  ];
}

function misfits(
  op: AlterColumn,
  before: Before,
  context: CompileContext,
  table: QualifiedName,
  column: string,
  label: string,
): readonly Question[] {
  if (op.from.type === op.to.type) return [];
  const value = `t.${quoteName(column)}`;
  if (op.using !== undefined && plainCast(op) === null) return [];
  const found = misfit(op, before, context.server);
  if (found === null) return [];
  return [
    rowsWhere({
      code: found.code,
      table,
      columns: [column],
      where: whereAny(found, value, parseType(op.from.type).array),
      sample: value,
      message: `${label} has values ${saying[found.code]} ${op.to.type}`,
      hint: usingHint(label),
    }),
  ];
}

const saying: Readonly<Record<Misfit["code"], string>> = {
  cast: "that cannot be read as",
  "enum-value": "that are not values of",
  "too-long": "that are too long for",
  "out-of-range": "that are out of range for",
};

function whereAny(found: Misfit, value: string, array: boolean): string {
  if (!array) return `${value} IS NOT NULL AND ${found.test(value)}`;
  return `EXISTS (SELECT FROM unnest(${value}) AS one(v) WHERE one.v IS NOT NULL AND ${found.test("one.v")})`;
}

/** `"score"::integer`, `score::text::mood`: a USING that says no more than the types do. */
function plainCast(op: AlterColumn): true | null {
  const using = op.using?.replace(/\s+/g, "").toLowerCase() ?? "";
  const [column, ...casts] = using.split("::");
  const name = op.to.name.replace(/\s+/g, "").toLowerCase();
  if (casts.length === 0 || (column !== name && column !== `"${name.replaceAll('"', '""')}"`)) return null;
  const last = casts.at(-1) ?? "";
  const hops = casts.slice(0, -1).every((cast) => /^text(?:\[\])?$/.test(cast));
  const wanted = op.to.type.replace(/\s+/g, "").toLowerCase();
  return hops && (aliases[last] ?? last) === wanted ? true : null;
}

const aliases: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  int2: "smallint",
  int8: "bigint",
  bool: "boolean",
  float4: "real",
  float8: "doubleprecision",
  decimal: "numeric",
  timestamp: "timestampwithouttimezone",
  timestamptz: "timestampwithtimezone",
};

export function alterEnum(op: AlterEnum, before: Before): readonly Question[] {
  const removed = op.from.filter((value) => !op.to.includes(value) && op.replace?.[value] === undefined);
  if (removed.length === 0) return [];
  const list = removed.map(quoteLiteral).join(", ");
  return op.columns.flatMap((use) => {
    const now = nameOf(use.schema, use.table);
    const table = before.table(now);
    const column = before.column(now, use.column);
    if (table === null || column === null) return [];
    const value = `t.${quoteName(column)}`;
    return [
      rowsWhere({
        code: "enum-value",
        table,
        columns: [column],
        where: use.array ? `${value}::text[] && ARRAY[${list}]` : `${value}::text IN (${list})`,
        sample: value,
        message: `${columnLabel(now, use.column)} has values that ${op.name} loses (${removed.join(", ")})`,
        hint: `give the removed values a replacement in the revision ({ replace: { "${removed[0] ?? ""}": "…" } }), or change these rows first`,
      }),
    ];
  });
}
