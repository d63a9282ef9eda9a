import type { Rules } from "../core/rules.ts";
import { type EnumType, emptySchema, keyOf, type QualifiedName, type Schema, type Table, type View } from "../core/schema.ts";
import { isNamed } from "./derived-names.ts";
import { compare, equal, tidy } from "./equal.ts";
import { typeNameOf } from "./mentions.ts";
import { pair } from "./pair.ts";
import { type Found, newReport, type ScopeReport } from "./scope-report.ts";
import { leftAlone, type TableScope, wantedColumns, wantedTable } from "./scope-table.ts";

/** What is to be, with everything that is not ours as the database has it: from here on, what is missing is to be dropped. */
export interface Scope extends Found {
  readonly wanted: Schema;
}

export interface ScopeOptions {
  readonly rules: Rules;
  readonly known: Schema | null;
  readonly names: boolean;
}

export function scopeOf(from: Schema, to: Schema, { rules, known, names }: ScopeOptions): Scope {
  const history = known ?? emptySchema;
  const report = newReport();
  const tables = tablesOf(from, to, history, { rules, names, report, foreign: report.whole("table") });
  const views = viewsOf(from, to, history, { rules, names, report, foreign: report.whole("view") });
  const enums = enumsOf(from, to, history, tables, report.whole("enum type"));
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
    ...report.found(),
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
  const adopted = new Set(known?.adopted);
  const { same, renamed, changed, dropped, added } = pair(had.indexes, asked.indexes, rules.keptName);
  const indexes = [...same.map(([index]) => index), ...changed.map(([, index]) => index), ...added];
  for (const [index, other] of renamed) {
    const called = history.has(index.name) && !adopted.has(index.name);
    if (names || (called && isNamed(index.name, other.name))) indexes.push(other);
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
