import type { Rules } from "../core/rules.ts";
import { type EnumType, emptySchema, keyOf, type QualifiedName, type Schema, type Table, type View } from "../core/schema.ts";
import { compare, equal, fingerprint, tidy } from "./equal.ts";
import { mentions, typeNameOf } from "./mentions.ts";
import { pair } from "./pair.ts";
import { leftAlone, type TableScope, wantedColumns, wantedTable } from "./scope-table.ts";

/** Something of the database that is left as it is, because no model and no revision knows it. */
export interface Unmanaged {
  readonly what: string;
  readonly schema?: string;
  readonly table?: string;
  readonly name: string;
  readonly because: string;
}

/** The same thing under two names. */
export interface NameOnly {
  readonly what: string;
  readonly schema?: string;
  readonly table?: string;
  readonly from: string;
  readonly to: string;
}

/** What is to be, with everything that is not ours as the database has it: from here on, what is missing is to be dropped. */
export interface Scope {
  readonly wanted: Schema;
  readonly unmanaged: readonly Unmanaged[];
  readonly names: readonly NameOnly[];
  /** by table: what nobody asked to drop, but cannot stay without a column that goes */
  readonly collateral: Collateral;
}

export type Collateral = ReadonlyMap<string, readonly { readonly name: string; readonly columns: ReadonlySet<string> }[]>;

export interface ScopeReport {
  unmanaged(what: string, table: QualifiedName, name: string): void;
  nameOnly(what: string, table: QualifiedName, from: string, to: string): void;
  collateral(what: string, table: QualifiedName, item: { readonly name?: string }): void;
}

export interface ScopeOptions {
  readonly rules: Rules;
  readonly known: Schema | null;
  readonly names: boolean;
}

const unknown = "neither the models nor the revisions know it";
const inTheWay = "neither the models nor the revisions know it, but it goes with a column that it needs";

export function scopeOf(from: Schema, to: Schema, { rules, known, names }: ScopeOptions): Scope {
  const history = known ?? emptySchema;
  const unmanaged: Unmanaged[] = [];
  const named: NameOnly[] = [];
  const collateral = new Map<string, { name: string; columns: ReadonlySet<string> }[]>();
  const report: ScopeReport = {
    unmanaged: (what, table, name) =>
      unmanaged.push(tidy<Unmanaged>({ what, schema: table.schema, table: table.name, name, because: unknown })),
    nameOnly: (what, table, before, after) =>
      named.push(tidy<NameOnly>({ what, schema: table.schema, table: table.name, from: before, to: after })),
    collateral(what, table, item) {
      const name = item.name ?? "";
      collateral.set(keyOf(table), [...(collateral.get(keyOf(table)) ?? []), { name, columns: namesIn(item) }]);
      unmanaged.push(tidy<Unmanaged>({ what, schema: table.schema, table: table.name, name, because: inTheWay }));
    },
  };
  const whole = (what: string) => (item: QualifiedName) =>
    unmanaged.push(tidy<Unmanaged>({ what, schema: item.schema, name: item.name, because: unknown }));

  const tables = tablesOf(from, to, history, { rules, names, report, foreign: whole("table") });
  const views = viewsOf(from, to, history, { rules, names, report, foreign: whole("view") });
  const enums = enumsOf(from, to, history, tables, whole("enum type"));
  const used = new Set([...tables, ...views, ...enums].map(({ schema }) => schema));
  return {
    wanted: {
      namespaces: union(
        to.namespaces,
        from.namespaces.filter((name) => used.has(name) || !history.namespaces.includes(name)),
      ),
      extensions: union(
        to.extensions,
        from.extensions.filter((name) => !history.extensions.includes(name)),
      ),
      enums,
      tables,
      views,
      external: to.external,
    },
    unmanaged: unmanaged.sort((a, b) =>
      compare(fingerprint([a.schema ?? "", a.table ?? "", a.what, a.name]), fingerprint([b.schema ?? "", b.table ?? "", b.what, b.name])),
    ),
    names: named.sort((a, b) =>
      compare(fingerprint([a.schema ?? "", a.table ?? "", a.what, a.from]), fingerprint([b.schema ?? "", b.table ?? "", b.what, b.from])),
    ),
    collateral,
  };
}

interface Context {
  readonly rules: Rules;
  readonly names: boolean;
  readonly report: ScopeReport;
  foreign(item: QualifiedName): void;
}

export const indexed = <T extends QualifiedName>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [keyOf(item), item]));

export const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])].sort(compare);

function tablesOf(from: Schema, to: Schema, history: Schema, context: Context): readonly Table[] {
  const { rules, report } = context;
  const [before, known] = [indexed(from.tables), indexed(history.tables)];
  const asked = indexed(to.tables);
  const external = new Set(to.external.map(keyOf));
  const columns = new Map<string, Table["columns"]>();
  const others: Table[] = [];
  const unchanged = new Map<string, Table>();
  for (const table of to.tables) {
    const key = keyOf(table);
    const had = before.get(key);
    const same = had !== undefined && equal(had, table);
    if (same) unchanged.set(key, had);
    columns.set(key, had === undefined || same ? table.columns : wantedColumns(had, table, known.get(key), rules, report));
  }
  for (const table of from.tables) {
    const key = keyOf(table);
    if (asked.has(key)) continue;
    if (external.has(key) || !known.has(key)) {
      others.push(table);
      columns.set(key, table.columns);
      if (!external.has(key)) context.foreign(table);
    }
  }
  const sets = new Map<string, ReadonlySet<string>>();
  const scope: TableScope = {
    ...context,
    columnsOf(name) {
      const key = keyOf(name);
      const list = columns.get(key);
      if (list === undefined) return before.has(key) ? new Set() : undefined;
      const set = sets.get(key) ?? new Set(list.map((column) => column.name));
      sets.set(key, set);
      return set;
    },
  };
  return [
    ...to.tables.map((table) => {
      const had = before.get(keyOf(table));
      if (had === undefined) return table;
      const same = unchanged.get(keyOf(table));
      if (same !== undefined) return same;
      return wantedTable(had, table, known.get(keyOf(table)), columns.get(keyOf(table)) ?? table.columns, scope);
    }),
    ...others.map((table) => leftAlone(table, scope)),
  ];
}

function viewsOf(from: Schema, to: Schema, history: Schema, { rules, names, report, foreign }: Context): readonly View[] {
  const [before, known, asked] = [indexed(from.views), indexed(history.views), indexed(to.views)];
  const external = new Set(to.external.map(keyOf));
  const kept = to.views.map((view) => {
    const had = before.get(keyOf(view));
    return had === undefined ? view : wantedView(had, view, known.get(keyOf(view)), { rules, names, report });
  });
  for (const view of from.views) {
    if (asked.has(keyOf(view))) continue;
    if (external.has(keyOf(view))) kept.push(view);
    else if (!known.has(keyOf(view))) {
      kept.push(view);
      foreign(view);
    }
  }
  return kept;
}

/** The indexes of a materialised view, ours and others'. */
function wantedView(had: View, asked: View, known: View | undefined, { rules, names, report }: Omit<Context, "foreign">): View {
  const history = new Set(known?.indexes.map(({ name }) => name));
  const { same, renamed, changed, dropped, added } = pair(had.indexes, asked.indexes, rules.keptName);
  const indexes = [...same.map(([index]) => index), ...changed.map(([, index]) => index), ...added];
  for (const [index, other] of renamed) {
    if (names || history.has(index.name)) indexes.push(other);
    else {
      indexes.push(index);
      report.nameOnly("index", had, index.name, other.name);
    }
  }
  for (const index of dropped) {
    if (history.has(index.name)) continue;
    indexes.push(index);
    report.unmanaged("index", had, index.name);
  }
  return tidy<View>({ ...asked, indexes, reads: asked.reads ?? (asked.definition === had.definition ? had.reads : undefined) });
}

/** An enum goes when the history knows it, or when a column of ours was its last user. */
function enumsOf(
  from: Schema,
  to: Schema,
  history: Schema,
  tables: readonly Table[],
  foreign: (item: QualifiedName) => void,
): readonly EnumType[] {
  if (from.enums.length === 0) return to.enums;
  const [before, known, asked] = [indexed(from.enums), indexed(history.enums), indexed(to.enums)];
  const used = typesIn(tables);
  const ours = indexed(to.tables);
  const oldTables = indexed(history.tables);
  const left = typesIn(from.tables.filter((table) => ours.has(keyOf(table)) || oldTables.has(keyOf(table))));
  const kept: EnumType[] = to.enums.map((type) => tidy<EnumType>({ ...type, comment: before.get(keyOf(type))?.comment ?? type.comment }));
  for (const type of from.enums) {
    const key = keyOf(type);
    if (asked.has(key)) continue;
    if (!used.has(key) && (known.has(key) || left.has(key))) continue;
    kept.push(type);
    if (!known.has(key) && !left.has(key)) foreign(type);
  }
  return kept;
}

/** Keys of the types that columns have, built-in ones too. */
function typesIn(tables: readonly Table[]): ReadonlySet<string> {
  const texts = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type)));
  return new Set([...texts].map((text) => keyOf(typeNameOf(text))));
}

/** Every name in a definition, and every name in its expressions. */
function namesIn(value: unknown): ReadonlySet<string> {
  if (typeof value === "string") return new Set([value.toLowerCase(), ...mentions(value)]);
  if (typeof value !== "object" || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...namesIn(part)]));
}
