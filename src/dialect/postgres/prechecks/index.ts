import type { Operation } from "../../../core/operation.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Before } from "../../shared/prechecks/before.ts";
import { type Asker, dataPrechecks } from "../../shared/prechecks/index.ts";
import type { Question } from "../../shared/prechecks/question.ts";
import { alterColumn, alterEnum } from "./column.ts";
import { dependants } from "./dependants.ts";
import { extensions } from "./extension.ts";
import { lost } from "./lost.ts";
import { partitioned } from "./partitioned.ts";
import { rights } from "./rights.ts";
import { words } from "./words.ts";

export function prechecks(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  return [
    ...dataPrechecks(asker, operations, context),
    ...extensions(operations, context),
    ...rights(operations, context),
    ...dependants(operations, context),
    ...lost(operations, context),
    ...partitioned(operations, context),
  ];
}

const asker: Asker = { ...words, ask };

function ask(operation: Operation, before: Before, context: CompileContext): readonly Question[] {
  if (operation.kind === "alterColumn") return alterColumn(operation, before, context);
  return operation.kind === "alterEnum" ? alterEnum(operation, before) : [];
}
