import type { Operation } from "../../../core/operation.ts";
import { runsOn } from "../../../core/operations/index.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { type Before, type Walk, walk } from "./before.ts";
import { addColumn, alterColumn } from "./column.ts";
import { addCheck, addForeignKey, addIndex, addPrimaryKey, addUnique } from "./constraint.ts";
import type { Question } from "./question.ts";

export function prechecks(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const run = walk();
  return operations.flatMap((operation, i) =>
    questionsOf(operation, run, context).map(({ sql, ...question }) => ({ sql, operation: i, ...question })),
  );
}

function questionsOf(operation: Operation, run: Walk, context: CompileContext): readonly Question[] {
  if (operation.kind === "on") {
    const runs = runsOn(operation.dialect, context.server.flavor);
    return runs ? operation.operations.flatMap((inner) => questionsOf(inner, run, context)) : [];
  }
  const questions = ask(operation, run.before, context);
  run.note(operation);
  return questions;
}

function ask(operation: Operation, before: Before, context: CompileContext): readonly Question[] {
  switch (operation.kind) {
    case "addColumn":
      return addColumn(operation, before);
    case "alterColumn":
      return alterColumn(operation, before, context);
    case "addPrimaryKey":
      return addPrimaryKey(operation, before);
    case "addUnique":
      return addUnique(operation, before);
    case "addIndex":
      return addIndex(operation, before);
    case "addForeignKey":
      return addForeignKey(operation, before);
    case "addCheck":
      return addCheck(operation, before);
    default:
      return [];
  }
}
