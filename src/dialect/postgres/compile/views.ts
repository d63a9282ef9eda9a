import { keyOf, labelOf, type QualifiedName, type View } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { blocksReads } from "./hazards.ts";
import { indexComment, indexSql } from "./index-sql.ts";
import { giveBack, remember as keep } from "./kept/memory.ts";
import { keptOfView } from "./kept/relation.ts";
import { forget, type Remembered, remember, renameRemembered } from "./metadata.ts";
import { named, type Piece, plain, type Scene } from "./piece.ts";
import { commentSql } from "./tables.ts";

export const viewCompilers: CompilersOf<"createView" | "dropView" | "alterView" | "renameView", Scene, Piece> = {
  createView: (op, scene) => create(named(op.view, op.schema), op.definition, scene),
  dropView: (op, scene) => drop(named(op.view, op.schema), op.definition, scene),
  alterView: (op, scene) => alterView(named(op.view, op.schema), op.from, op.to, scene),
  renameView: (op, scene) => [
    plain(`ALTER ${kind(op.materialized)} ${quoteTable(named(op.from, op.schema))} RENAME TO ${quoteName(op.to)}`),
    ...renameRemembered(scene, "name", { name: op.from }, op.schema, op.to),
  ],
};

const kind = (materialized: true | undefined): string => (materialized ? "MATERIALIZED VIEW" : "VIEW");

function create(name: QualifiedName, view: View, scene: Scene): readonly Piece[] {
  return [
    plain(`CREATE ${kind(view.materialized)} ${quoteTable(name)} AS ${view.definition}`),
    ...view.indexes.flatMap((index) => [plain(indexSql(index, name)), ...indexComment(index, name)]),
    ...giveBack(scene, keyOf(name)),
    ...(view.comment === undefined ? [] : [comment(name, view)]),
    ...remember(scene, row(name, view), view.definition),
  ];
}

function drop(name: QualifiedName, view: View, scene: Scene): readonly Piece[] {
  return [
    ...(scene.made.has(keyOf(name)) ? [keep(scene, keyOf(name), keptOfView(name, view))] : []),
    plain(`DROP ${kind(view.materialized)} ${quoteTable(name)}`),
    ...forget(scene, row(name, view)),
  ];
}

/** CREATE OR REPLACE refuses every change of the columns but new ones at the end, which the text alone does not tell: the view is made anew. */
function alterView(name: QualifiedName, from: View, to: View, scene: Scene): readonly Piece[] {
  const sameText = from.definition === to.definition && from.materialized === to.materialized;
  if (sameText && JSON.stringify(from.indexes) === JSON.stringify(to.indexes)) {
    return from.comment === to.comment ? [] : [comment(name, to)];
  }
  const refills = to.materialized ? [blocksReads(`${labelOf(name)} is filled anew`)] : [];
  return [
    ...(scene.made.has(keyOf(name)) ? [] : [keep(scene, keyOf(name), keptOfView(name, from))]),
    ...drop(name, from, scene),
    ...create(name, to, scene).map((piece, i) => (i === 0 ? { ...piece, hazards: refills } : piece)),
  ];
}

const comment = (name: QualifiedName, view: View): Piece =>
  plain(`COMMENT ON ${kind(view.materialized)} ${quoteTable(name)} IS ${commentSql(view.comment)}`);

const row = (name: QualifiedName, view: View): Remembered => ({
  ...name,
  type: view.materialized ? "MATERIALIZED_VIEW" : "VIEW",
});
