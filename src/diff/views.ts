import type { Operation } from "../core/operation.ts";
import type { Rules } from "../core/rules.ts";
import { keyOf, type Schema, type View } from "../core/schema.ts";
import { indexChanges } from "./constraints.ts";
import { compare, equal, tidy } from "./equal.ts";
import { indexed } from "./scope.ts";

export function viewChanges(from: Schema, wanted: Schema, rules: Rules): readonly Operation[] {
  const [before, after] = [indexed(from.views), indexed(wanted.views)];
  const byKey = (a: View, b: View) => compare(keyOf(a), keyOf(b));
  return [
    ...from.views
      .filter((view) => !after.has(keyOf(view)))
      .sort(byKey)
      .map(dropView),
    ...[...wanted.views].sort(byKey).flatMap((view) => {
      const had = before.get(keyOf(view));
      return had === undefined ? [createView(view)] : viewChange(had, view, rules);
    }),
  ];
}

/** Where dependents block, a text can be replaced only by one with the same columns: it is made anew, and stage.ts brings its dependents back. */
function viewChange(had: View, view: View, rules: Rules): readonly Operation[] {
  const anew = had.definition !== view.definition || had.materialized !== view.materialized;
  if (anew && (rules.dependentsBlock || had.materialized || view.materialized)) return [dropView(had), createView(view)];
  const comment = had.comment !== view.comment;
  const altered: readonly Operation[] =
    anew || comment ? [{ kind: "alterView", ...viewOn(view), from: had, to: { ...view, indexes: had.indexes } }] : [];
  return [
    ...altered,
    ...(equal(had.indexes, view.indexes) ? [] : indexChanges({ ...viewSchema(view), table: view.name }, had.indexes, view.indexes)),
  ];
}

const viewSchema = ({ schema }: View): { schema?: string } => tidy<{ schema?: string }>({ schema });
const viewOn = (view: View) => ({ ...viewSchema(view), view: view.name });

export const dropView = (definition: View): Operation => ({ kind: "dropView", ...viewOn(definition), definition });
export const createView = (definition: View): Operation => ({ kind: "createView", ...viewOn(definition), definition });
