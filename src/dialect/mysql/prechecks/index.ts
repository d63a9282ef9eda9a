import type { Operation } from "../../../core/operation.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Before } from "../../shared/prechecks/before.ts";
import { dataPrechecks } from "../../shared/prechecks/index.ts";
import { alterColumn } from "./column.ts";
import { type Question, words } from "./question.ts";

export function prechecks(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  return dataPrechecks({ ...words, ask }, operations, context);
}

function ask(operation: Operation, before: Before, context: CompileContext): readonly Question[] {
  return operation.kind === "alterColumn" ? alterColumn(operation, before, context) : [];
}
