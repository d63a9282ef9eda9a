import { keyOf, labelOf, type QualifiedName, type View } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { withoutEnd } from "../scan.ts";
import { blocksReads } from "./hazards.ts";
import { indexComment, indexSql } from "./index-sql.ts";
import { giveBack, remember as keep } from "./kept/memory.ts";
import { keptOfView } from "./kept/relation.ts";
import { forget, type Remembered, remember, renameRemembered } from "./metadata.ts";
import { named, type Piece, plain, type Scene } from "./piece.ts";
import { commentSql } from "./tables.ts";

export const viewCompilers: CompilersOf<"createView" | "dropView" | "alterView" | "renameView", Scene, Piece> = {
  createView(op, scene) {
    const name = named(op.view, op.schema);
    scene.made.set(keyOf(name), scene.made.get(keyOf(name))?.slice(1) ?? []);
    return create(name, op.definition, scene);
  },
  dropView: (op, scene) => drop(named(op.view, op.schema), op.definition, scene),
  alterView: (op, scene) => alterView(named(op.view, op.schema), op.from, op.to, scene),
  renameView: (op, scene) => [
    plain(`ALTER ${kind(op.materialized)} ${quoteTable(named(op.from, op.schema))} RENAME TO ${quoteName(op.to)}`),
    ...renameRemembered(scene, "name", { name: op.from }, op.schema, op.to),
  ],
};

const kind = (materialized: true | undefined): string => (materialized ? "MATERIALIZED VIEW" : "VIEW");

function create(name: QualifiedName, view: View, scene: Scene): readonly Piece[] {
  const key = keyOf(name);
  return [
    plain(`CREATE ${kind(view.materialized)} ${quoteTable(name)} AS ${withoutEnd(view.definition)}`),
    ...view.indexes.flatMap((index) => [plain(indexSql(index, name)), ...indexComment(index, name)]),
    ...giveBack(scene, key),
    ...(view.comment === undefined ? [] : [comment(name, view)]),
    ...(scene.sameText.delete(key) ? [] : remember(scene, row(name, view), view.definition)),
  ];
}

/** What TypeORM remembers of a view that comes again with the same text is its author's spelling of it, which is not known here: it stays. */
function drop(name: QualifiedName, view: View, scene: Scene, again = scene.made.get(keyOf(name))?.[0]): readonly Piece[] {
  const sameText = again !== undefined && view.definition === again.definition;
  if (sameText) scene.sameText.add(keyOf(name));
  return [
    ...(again === undefined ? [] : [keep(scene, keyOf(name), keptOfView(name, view))]),
    plain(`DROP ${kind(view.materialized)} ${quoteTable(name)}`),
    ...(sameText ? anotherType(scene, row(name, view), row(name, again)) : forget(scene, row(name, view))),
  ];
}

function anotherType(scene: Scene, from: Remembered, to: Remembered): readonly Piece[] {
  return from.type === to.type ? [] : renameRemembered(scene, "type", { name: from.name, type: from.type }, from.schema, to.type);
}

const hasSameText = (a: View, b: View): boolean => a.definition === b.definition && a.materialized === b.materialized;

/** CREATE OR REPLACE refuses every change of the columns but new ones at the end, which the text alone does not tell: the view is made anew. */
function alterView(name: QualifiedName, from: View, to: View, scene: Scene): readonly Piece[] {
  if (hasSameText(from, to) && JSON.stringify(from.indexes) === JSON.stringify(to.indexes)) {
    return from.comment === to.comment ? [] : [comment(name, to)];
  }
  const refills = to.materialized ? [blocksReads(`${labelOf(name)} is filled anew`)] : [];
  return [...drop(name, from, scene, to), ...create(name, to, scene).map((piece, i) => (i === 0 ? { ...piece, hazards: refills } : piece))];
}

const comment = (name: QualifiedName, view: View): Piece =>
  plain(`COMMENT ON ${kind(view.materialized)} ${quoteTable(name)} IS ${commentSql(view.comment)}`);

const row = (name: QualifiedName, view: View): Remembered => ({
  ...name,
  type: view.materialized ? "MATERIALIZED_VIEW" : "VIEW",
});
