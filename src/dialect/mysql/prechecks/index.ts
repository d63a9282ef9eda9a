import type { Operation } from "../../../core/operation.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Before } from "../../shared/prechecks/before.ts";
import { dataPrechecks } from "../../shared/prechecks/index.ts";
import { collisions } from "./collision.ts";
import { alterColumn } from "./column.ts";
import { copiedZeroDates } from "./copied.ts";
import { dependants } from "./dependants.ts";
import { leftBehind } from "./left-behind.ts";
import { looseKeys } from "./loose-keys.ts";
import { lostWith, lostWithCharacters, unknownAttribute } from "./lost.ts";
import { lostIndexes } from "./lost-indexes.ts";
import { type Question, words } from "./question.ts";
import { computedAnew, renamed } from "./renamed.ts";
import { rights } from "./rights.ts";

export function prechecks(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const questions = dataPrechecks({ ...words, ask }, operations, context);
  const again = ({ code, message }: Precheck, at: number): boolean =>
    code === unknownAttribute && questions.slice(0, at).some((other) => other.code === code && other.message === message);
  return [
    ...questions.filter((question, at) => !again(question, at)),
    ...collisions(operations, context),
    ...copiedZeroDates(operations, context).filter(
      ({ code, message }) => !questions.some((one) => one.code === code && one.message === message),
    ),
    ...dependants(operations, context),
    ...renamed(operations, context),
    ...leftBehind(operations),
    ...lostIndexes(operations, context),
    ...looseKeys(operations, context),
    ...rights(operations, context),
  ];
}

function ask(operation: Operation, before: Before, context: CompileContext): readonly Question[] {
  if (operation.kind === "alterTable") return lostWithCharacters(operation, before, context.server);
  if (operation.kind === "renameColumn")
    return computedAnew(operation, before, context).flatMap((op) => lostWith(op, before, context.server));
  if (operation.kind !== "alterColumn") return [];
  return [...alterColumn(operation, before, context), ...lostWith(operation, before, context.server)];
}
