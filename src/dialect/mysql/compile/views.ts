import { labelOf, type QualifiedName, type View } from "../../../core/schema.ts";
import type { CompilersOf } from "../../compiler.ts";
import { quoteTable } from "../quote.ts";
import { withoutEnd } from "../scan.ts";
import { onlyPostgres } from "./elsewhere.ts";
import { forget, type Remembered, remember, renameRemembered } from "./metadata.ts";
import { not, tableIsNamed, viewIsThere } from "./observe.ts";
import { definition, named, type Piece, type Scene } from "./piece.ts";

export const viewCompilers: CompilersOf<"createView" | "dropView" | "alterView" | "renameView", Scene, Piece> = {
  createView: (op, scene) => create(named(op.view, op.schema), op.definition, scene),
  dropView: (op, scene) => drop(named(op.view, op.schema), op.definition, scene),
  alterView: (op, scene) => alterView(named(op.view, op.schema), op.from, op.to, scene),
  renameView(op, scene) {
    const to = named(op.to, op.schema);
    return [
      definition(`RENAME TABLE ${quoteTable(named(op.from, op.schema))} TO ${quoteTable(to)}`, tableIsNamed(to)),
      ...renameRemembered(scene, row(named(op.from, op.schema)), { name: op.to }),
    ];
  },
};

function create(name: QualifiedName, view: View, scene: Scene): readonly Piece[] {
  refuseFilled(name, view);
  return [
    definition(`CREATE VIEW ${quoteTable(name)} AS ${withoutEnd(view.definition)}`, viewIsThere(name)),
    ...remember(scene, row(name), view.definition),
  ];
}

function drop(name: QualifiedName, view: View, scene: Scene): readonly Piece[] {
  refuseFilled(name, view);
  return [definition(`DROP VIEW ${quoteTable(name)}`, not(viewIsThere(name))), ...forget(scene, row(name))];
}

/** Rights that were given on it stay. */
function alterView(name: QualifiedName, from: View, to: View, scene: Scene): readonly Piece[] {
  refuseFilled(name, from);
  refuseFilled(name, to);
  if (from.definition === to.definition) return [];
  return [
    definition(`CREATE OR REPLACE VIEW ${quoteTable(name)} AS ${withoutEnd(to.definition)}`, null),
    ...remember(scene, row(name), to.definition),
  ];
}

function refuseFilled(name: QualifiedName, view: View): void {
  if (view.materialized) throw onlyPostgres(`materialised view ${labelOf(name)}`);
}

const row = (name: QualifiedName): Remembered => ({ ...name, type: "VIEW" });
