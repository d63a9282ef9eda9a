import type { Operation } from "../../../core/operation.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { Before } from "./before.ts";
import { addColumn, alterColumn, alterEnum } from "./column.ts";
import { addCheck, addForeignKey, addIndex, addPrimaryKey, addUnique } from "./constraint.ts";
import type { Question } from "./question.ts";

export function prechecks(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const before = new Before();
  return operations.flatMap((operation, i) =>
    questionsOf(operation, before, context).map(({ sql, ...question }) => ({ sql, operation: i, ...question })),
  );
}

function questionsOf(operation: Operation, before: Before, context: CompileContext): readonly Question[] {
  if (operation.kind === "on") {
    return operation.dialect === "postgres" ? operation.operations.flatMap((inner) => questionsOf(inner, before, context)) : [];
  }
  const questions = ask(operation, before, context);
  before.note(operation);
  return questions;
}

function ask(operation: Operation, before: Before, context: CompileContext): readonly Question[] {
  switch (operation.kind) {
    case "addColumn":
      return addColumn(operation, before);
    case "alterColumn":
      return alterColumn(operation, before, context);
    case "alterEnum":
      return alterEnum(operation, before);
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
