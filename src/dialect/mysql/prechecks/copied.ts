import { atLeast } from "../../../core/db.ts";
import type { Operation } from "../../../core/operation.ts";
import { keyOf, labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { compile } from "../compile/index.ts";
import { named } from "../compile/piece.ts";
import { quoteName } from "../quote.ts";
import { baseType } from "../types.ts";
import { type Question, rowsWhere } from "./question.ts";

export const hasDate = (type: string): boolean => /^(?:date|datetime|timestamp)$/.test(baseType(type));

export function zeroDate(table: QualifiedName, column: string, label: string): Question {
  const value = `t.${quoteName(column)}`;
  return rowsWhere({
    code: "zero-date",
    table,
    columns: [column],
    where: `MONTH(${value}) = 0 OR DAYOFMONTH(${value}) = 0`,
    sample: value,
    message: `${label} has dates with a zero in them, which strict mode does not write again`,
    hint: `give these rows a date, or NULL, first; what they are says: SELECT * FROM ${labelOf(table)} WHERE MONTH(${column}) = 0 OR DAYOFMONTH(${column}) = 0`,
  });
}

/** A table that is copied is written as a whole: a date with a zero in any column of it ends that. */
export function copiedZeroDates(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const { before } = context;
  if (before === undefined) return [];
  const asked = new Set<string>();
  // to a server that copies nothing beside the writers, what copies is what they wait for
  const { server } = context;
  const plain = server.flavor === "mariadb" && atLeast(server, 11, 2) ? { ...server, version: [11, 1] } : server;
  return compile(operations, { ...context, server: plain }).flatMap((statement) => {
    const at = statement.operations[0] ?? 0;
    const operation = operations[at];
    if (operation === undefined || !("table" in operation) || !statement.hazards.some(({ kind }) => kind === "blocks-writes")) return [];
    const table = before.tables.find(
      (one) => keyOf(one) === keyOf(named(operation.table, "schema" in operation ? operation.schema : undefined)),
    );
    if (table === undefined || asked.has(keyOf(table))) return [];
    asked.add(keyOf(table));
    return table.columns
      .filter(({ type }) => hasDate(type))
      .map(({ name }) => ({ ...zeroDate(table, name, `${labelOf(table)}.${name}`), operation: at }));
  });
}
