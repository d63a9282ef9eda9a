import type { Rules } from "../core/rules.ts";
import { type Action, type ForeignKey, type Index, keyOf, type QualifiedName, type Schema, type Table, type View } from "../core/schema.ts";
import { equal, tidy } from "./equal.ts";
import { indexed } from "./scope.ts";

/**
 * What entities have no word for (sort order, NULLS, included columns, operator classes, prefixes, storage parameters, a comment; of a view
 * a comment, too) is as the database has it: an index that was tuned by hand is still the entity's index. A method is theirs to say, so one that the history knows is compared.
 */
export function asTuned(wanted: Schema, had: Schema, known: Schema, rules: Pick<Rules, "keptName" | "restrictIsNoAction">): Schema {
  const { keptName } = rules;
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
  const [tables, told] = [indexed(had.tables), indexed(known.tables)];
  const spoken = (table: Table): Table => withActions(table, tables.get(keyOf(table)), told.get(keyOf(table)));
  const settled = wanted.tables.map(settle);
  return {
    ...wanted,
    tables: rules.restrictIsNoAction ? settled.map(spoken) : settled,
    views: wanted.views.map(settle).map(commented),
  };
}

/**
 * Of two words for the same, a foreign key keeps the one that it has (MariaDB itself puts one for the other on some ways), unless the entity
 * says another one than the revisions did.
 */
function withActions(table: Table, there: Table | undefined, ours: Table | undefined): Table {
  if (there === undefined || table.foreignKeys.length === 0) return table;
  const foreignKeys = table.foreignKeys.map((asked): ForeignKey => {
    const found = there.foreignKeys.find(({ columns, references }) => equal([columns, references], [asked.columns, asked.references]));
    if (found === undefined) return asked;
    const said = ours?.adopted?.includes(found.name) ? undefined : ours?.foreignKeys.find(({ name }) => name === found.name);
    const action = (on: "onDelete" | "onUpdate") =>
      isIdle(asked[on]) && isIdle(found[on]) && (said === undefined || said[on] === asked[on]) ? found[on] : asked[on];
    return tidy<ForeignKey>({ ...asked, onDelete: action("onDelete"), onUpdate: action("onUpdate") });
  });
  return { ...table, foreignKeys };
}

const isIdle = (action: Action | undefined): boolean => action === undefined || action === "RESTRICT";

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
