import type { Rules } from "../core/rules.ts";
import { type Index, keyOf, type QualifiedName, type Schema, type View } from "../core/schema.ts";
import { equal, tidy } from "./equal.ts";
import { indexed } from "./scope.ts";

/**
 * What entities have no word for (sort order, NULLS, included columns, operator classes, prefixes, storage parameters, a comment; of a view
 * a comment, too) is as the database has it: an index that was tuned by hand is still the entity's index. A method is theirs to say, so one that the history knows is compared.
 */
export function asTuned(wanted: Schema, had: Schema, known: Schema, { keptName }: Pick<Rules, "keptName">): Schema {
  const before = owners(had);
  const history = owners(known);
  const settle = <T extends Owner>(owner: T): T => {
    const there = before.get(keyOf(owner))?.indexes;
    if (there === undefined || owner.indexes.length === 0) return owner;
    const ours = history.get(keyOf(owner))?.indexes ?? [];
    const names = new Set(owner.indexes.map(({ name }) => keptName(name)));
    const strangers = there.filter(({ name }) => !names.has(name));
    const indexes = owner.indexes.map((asked) => {
      const sameName = there.find(({ name }) => name === keptName(asked.name));
      const found = (sameName === undefined ? strangers : [sameName]).find((index) => isTuned(index, asked, ours));
      return found === undefined ? asked : { ...found, name: asked.name };
    });
    return { ...owner, indexes };
  };
  const views = indexed(had.views);
  const commented = (view: View): View => {
    const comment = view.comment ?? views.get(keyOf(view))?.comment;
    return comment === undefined ? view : { ...view, comment };
  };
  return { ...wanted, tables: wanted.tables.map(settle), views: wanted.views.map(settle).map(commented) };
}

type Owner = QualifiedName & { readonly indexes: readonly Index[] };

const owners = ({ tables, views }: Schema): ReadonlyMap<string, Owner> => indexed<Owner>([...tables, ...views]);

function isTuned(index: Index, asked: Index, ours: readonly Index[]): boolean {
  const method =
    asked.method ?? (ours.some(({ name, method }) => name === index.name && method === index.method) ? undefined : index.method);
  return equal(said(index), { ...said(asked), ...(method === undefined ? {} : { method }) });
}

/** As much of an index as an entity can say. */
const said = ({ columns, unique, kind, method, where, parser }: Index) =>
  tidy({
    columns: columns.map((part) => (typeof part === "string" || part.column === undefined ? part : part.column)),
    unique,
    kind,
    method,
    where,
    parser,
  });
