import type { Operation } from "../../../core/operation.ts";
import { keyOf, type View } from "../../../core/schema.ts";
import type { Statement } from "../../../core/statement.ts";
import { type Compilers, compileOne } from "../../compiler.ts";
import type { CompileContext } from "../../dialect.ts";
import { inPlaces } from "../../shared/prechecks/places.ts";
import { columnCompilers, comesAgain, computedAgain } from "./columns.ts";
import { constrainedAgain, constraintCompilers } from "./constraints.ts";
import { dataCompilers } from "./data.ts";
import { enumCompilers } from "./enums.ts";
import { withoutGaps } from "./gaps.ts";
import { indexCompilers } from "./indexes.ts";
import { merge } from "./merge.ts";
import { namespaceCompilers } from "./namespaces.ts";
import { named, type Piece, type Scene } from "./piece.ts";
import { inStages } from "./stages.ts";
import { tableCompilers } from "./tables.ts";
import { viewCompilers } from "./views.ts";

const compilers: Compilers<Scene, Piece> = {
  ...namespaceCompilers,
  ...enumCompilers,
  ...tableCompilers,
  ...columnCompilers,
  ...constraintCompilers,
  ...indexCompilers,
  ...viewCompilers,
  ...dataCompilers,
  assume: () => [],
  on: (op, scene) => (op.dialect === "postgres" ? op.operations.flatMap((inner) => compileAndNote(inner, scene)) : []),
};

export function compile(operations: readonly Operation[], context: CompileContext): readonly Statement[] {
  const scene: Scene = {
    context,
    fresh: new Set(),
    made: viewsMade(operations),
    sameText: new Set(),
    computedAgain: computedAgain(operations),
    comesAgain: comesAgain(operations),
    constrainedAgain: constrainedAgain(operations),
    kept: new Map(),
  };
  const sent = context.online === false ? operations : withoutGaps(operations);
  return merge(inStages(sent.flatMap((operation, i) => compileAndNote(operation, scene).map((piece) => ({ piece, operation: i })))));
}

function compileAndNote(operation: Operation, scene: Scene): readonly Piece[] {
  const pieces = compileOne(compilers, operation, scene);
  noteFresh(operation, scene.fresh);
  return pieces;
}

function viewsMade(operations: readonly Operation[]): Map<string, readonly View[]> {
  const found = new Map<string, readonly View[]>();
  for (const { operation } of inPlaces(operations, "postgres")) {
    if (operation.kind !== "createView") continue;
    const key = keyOf(named(operation.view, operation.schema));
    found.set(key, [...(found.get(key) ?? []), operation.definition]);
  }
  return found;
}

function noteFresh(operation: Operation, fresh: Set<string>): void {
  if (operation.kind === "createTable") fresh.add(keyOf(named(operation.table, operation.schema)));
  if (operation.kind === "createView") fresh.add(keyOf(named(operation.view, operation.schema)));
  if (operation.kind === "createEnum") fresh.add(keyOf(operation.definition));
  if (operation.kind === "renameTable" || operation.kind === "renameEnum") {
    if (fresh.delete(keyOf(named(operation.from, operation.schema)))) fresh.add(keyOf(named(operation.to, operation.schema)));
  }
}
