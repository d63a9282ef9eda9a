import type { Operation } from "../core/operation.ts";
import { keyOf, type QualifiedName, type Schema, type View, type ViewRead } from "../core/schema.ts";
import type { Draft } from "./draft.ts";
import { mentions } from "./mentions.ts";
import { tableOf } from "./on.ts";
import { indexed } from "./scope.ts";
import type { Touched } from "./touched.ts";
import { createView, dropView } from "./views.ts";

/** Views over a column that changes, and the views over these: they go first and come back last, with their indexes and comments. */
export function stageViews(draft: Draft, touched: Touched, from: Schema, wanted: Schema): void {
  if (from.views.length === 0) return;
  const after = indexed(wanted.views);
  const going = new Set(draft.operations().flatMap((operation) => (operation.kind === "dropView" ? keyOf(operation.definition) : [])));
  for (const view of from.views) if (standsOn(view, touched, from)) going.add(keyOf(view));
  for (let size = -1; size !== going.size; ) {
    size = going.size;
    for (const view of from.views) if (readsOf(view, from).some((read) => going.has(keyOf(nameOf(read))))) going.add(keyOf(view));
  }
  for (const view of from.views) {
    const to = after.get(keyOf(view));
    if (going.has(keyOf(view)) && to !== undefined) remake(draft, view, to);
  }
}

/**
 * Where dependents do not block, a view is replaced in place; but between a table as it was and as it will be there is no moment at which both
 * ways could do so. Then it goes first and comes back last.
 */
export function splitViews(draft: Draft, from: Schema, wanted: Schema): void {
  const altered = draft.operations().filter((operation) => operation.kind === "alterView");
  const changed = new Set(draft.operations().flatMap(reshaped));
  for (const { from: view, to } of altered) {
    if (view.definition === to.definition) continue;
    const reads = [...readsOf(view, from), ...readsOf(to, wanted)].map((read) => keyOf(nameOf(read)));
    if (reads.some((read) => changed.has(read))) remake(draft, view, to);
  }
}

/** The relations whose columns are others afterwards. */
function reshaped(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "createTable":
    case "dropTable":
    case "addColumn":
    case "dropColumn":
      return [keyOf(tableOf(operation))];
    case "createView":
    case "dropView":
      return [keyOf(operation.definition)];
    case "alterView":
      return operation.from.definition === operation.to.definition ? [] : [keyOf(operation.to)];
    default:
      return [];
  }
}

function remake(draft: Draft, view: View, to: View): void {
  const key = keyOf(view);
  draft.remove((operation) => {
    if (operation.kind === "alterView") return keyOf(operation.from) === key;
    const onView = operation.kind === "addIndex" || operation.kind === "dropIndex" || operation.kind === "renameIndex";
    return onView && keyOf(tableOf(operation)) === key;
  });
  draft.push(dropView(view));
  draft.push(createView(to));
}

function standsOn(view: View, touched: Touched, from: Schema): boolean {
  if (touched.size === 0) return false;
  return readsOf(view, from).some((read) => {
    const columns = touched.get(keyOf(nameOf(read)));
    if (columns === undefined) return false;
    return read.columns === undefined || read.columns.some((name) => columns.has(name.toLowerCase()));
  });
}

const nameOf = ({ schema, name }: QualifiedName): QualifiedName => (schema === undefined ? { name } : { schema, name });

/** What a view reads; where the database does not say it, what its text mentions. */
export function readsOf(view: View, { tables, views }: Pick<Schema, "tables" | "views">): readonly ViewRead[] {
  if (view.reads !== undefined) return view.reads;
  const found = mentions(view.definition);
  const all = view.definition.includes("*");
  const read = ({ name }: QualifiedName) => found.has(name.toLowerCase());
  return [
    ...views.filter((other) => other !== view && read(other)).map(nameOf),
    ...tables.filter(read).map((table): ViewRead => {
      const columns = table.columns.map(({ name }) => name).filter((name) => found.has(name.toLowerCase()));
      return all ? nameOf(table) : { ...nameOf(table), columns };
    }),
  ];
}
