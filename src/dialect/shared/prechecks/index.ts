import type { Operation } from "../../../core/operation.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { type Before, walk } from "./before.ts";
import { addColumn } from "./column.ts";
import { addCheck, addForeignKey, addIndex, addPrimaryKey, addUnique } from "./constraint.ts";
import { inPlaces } from "./places.ts";
import type { Question } from "./question.ts";
import type { Words } from "./words.ts";

export interface Asker extends Words {
  /** what is asked in the engine's own way */
  ask(operation: Operation, before: Before, context: CompileContext): readonly Question[];
}

/** What the data decides, operation by operation. */
export function dataPrechecks(asker: Asker, operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const run = walk(asker);
  return inPlaces(operations, context.server.flavor).flatMap(({ operation, at }) => {
    const questions = ask(asker, operation, run.before, context);
    run.note(operation);
    return questions.map(({ sql, ...question }) => ({ sql, operation: at, ...question }));
  });
}

function ask(asker: Asker, operation: Operation, before: Before, context: CompileContext): readonly Question[] {
  switch (operation.kind) {
    case "addColumn":
      return addColumn(asker, operation, before);
    case "addPrimaryKey":
      return addPrimaryKey(asker, operation, before);
    case "addUnique":
      return addUnique(asker, operation, before);
    case "addIndex":
      return addIndex(asker, operation, before);
    case "addForeignKey":
      return addForeignKey(asker, operation, before);
    case "addCheck":
      return addCheck(asker, operation, before);
    default:
      return asker.ask(operation, before, context);
  }
}
