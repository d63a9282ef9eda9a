import { LimbeckError } from "../../../core/errors.ts";
import type { Operation } from "../../../core/operation.ts";
import { Builder } from "../../../core/operations/builder.ts";
import { runsOn } from "../../../core/operations/index.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import type { Statement } from "../../../core/statement.ts";
import { type Compilers, compileOne } from "../../compiler.ts";
import type { CompileContext } from "../../dialect.ts";
import { placesByTable } from "./ahead.ts";
import { columnCompilers } from "./columns.ts";
import { constraintCompilers } from "./constraints.ts";
import { dataCompilers } from "./data.ts";
import { elsewhereCompilers } from "./elsewhere.ts";
import { indexCompilers } from "./indexes.ts";
import { merge } from "./merge.ts";
import { namespaceCompilers } from "./namespaces.ts";
import { named, type Piece, type Scene, tableOf } from "./piece.ts";
import { tableCompilers } from "./tables.ts";
import { viewCompilers } from "./views.ts";

const compilers: Compilers<Scene, Piece> = {
  ...namespaceCompilers,
  ...elsewhereCompilers,
  ...tableCompilers,
  ...columnCompilers,
  ...constraintCompilers,
  ...indexCompilers,
  ...viewCompilers,
  ...dataCompilers,
  assume: () => [],
  on: (op, scene) =>
    runsOn(op.dialect, scene.context.server.flavor) ? op.operations.flatMap((inner) => compileAndNote(inner, scene)) : [],
};

export function compile(operations: readonly Operation[], context: CompileContext): readonly Statement[] {
  const scene: Scene = {
    context,
    fresh: new Set(),
    uncounted: new Set(),
    counting: new Map(),
    metadataTableMade: false,
    schema: new Builder(context.before),
    before: new Map(context.before?.tables.map((table) => [keyOf(table), table])),
    operations,
    at: 0,
    places: placesByTable(operations),
  };
  return merge(
    operations.flatMap((operation, i) => {
      scene.at = i;
      return compileAndNote(operation, scene).map((piece) => ({ piece, operation: i }));
    }),
    context.server,
  );
}

function compileAndNote(operation: Operation, scene: Scene): readonly Piece[] {
  const pieces = compileOne(compilers, operation, scene);
  learn(scene.schema, operation, scene.context);
  if (operation.kind === "createTable") scene.fresh.add(keyOf(tableOf(operation)));
  if (operation.kind === "renameTable") renameFresh(scene, named(operation.from, operation.schema), named(operation.to, operation.schema));
  if (operation.kind === "moveTable") renameFresh(scene, named(operation.table, operation.from), named(operation.table, operation.to));
  return pieces;
}

/** What is known of the tables may be little, or be said in other words: what does not fit into it teaches nothing. */
export function learn(schema: Builder, operation: Operation, { server }: CompileContext): void {
  try {
    schema.apply(operation, server.flavor);
  } catch (error) {
    if (!(error instanceof LimbeckError)) throw error;
  }
}

function renameFresh({ fresh }: Scene, from: QualifiedName, to: QualifiedName): void {
  if (fresh.delete(keyOf(from))) fresh.add(keyOf(to));
}
