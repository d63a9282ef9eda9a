import type { AlterColumn, AlterEnum } from "../../../core/operation.ts";
import type { CompileContext } from "../../dialect.ts";
import { type Before, nameOf } from "../../shared/prechecks/before.ts";
import { type Misfit, misfitMessage, nulls, type Subject, subjectOf } from "../../shared/prechecks/column.ts";
import { columnLabel, type Question, rowsWhere, usingHint } from "../../shared/prechecks/question.ts";
import { quoteLiteral, quoteName } from "../quote.ts";
import { parseType } from "../type.ts";
import { misfit } from "./cast.ts";
import { collisions } from "./collide.ts";
import { words } from "./words.ts";

export function alterColumn(op: AlterColumn, before: Before, { server }: CompileContext): readonly Question[] {
  const subject = subjectOf(op, before);
  if (subject === null) return [];
  const isCast = op.using === undefined || plainCast(op) !== null;
  const found = isCast && op.from.type !== op.to.type ? misfit(op, before, server) : null;
  return [
    ...(isCast ? nulls(words, op, subject) : []),
    ...(found === null ? [] : [misfits(op, found, subject)]),
    ...collisions(op, before, subject, found),
  ];
}

function misfits(op: AlterColumn, found: Misfit, { table, column, label }: Subject): Question {
  const value = `t.${quoteName(column)}`;
  return rowsWhere(words, {
    code: found.code,
    table,
    columns: [column],
    where: whereAny(found, value, parseType(op.from.type).array),
    sample: value,
    message: misfitMessage(label, found, op.to.type),
    hint: usingHint(label),
  });
}

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
      rowsWhere(words, {
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
