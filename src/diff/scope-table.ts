import { indexColumns, indexExpressions } from "../core/index-parts.ts";
import type { Rules } from "../core/rules.ts";
import type { Column, ForeignKey, Index, Table } from "../core/schema.ts";
import { isNamed } from "./derived-names.ts";
import { byName, equal, tidy } from "./equal.ts";
import { familyOf } from "./families.ts";
import { mentions } from "./mentions.ts";
import { pair, structureOf } from "./pair.ts";
import type { ScopeReport } from "./scope-report.ts";

export interface TableScope {
  readonly rules: Rules;
  readonly names: boolean;
  readonly report: ScopeReport;
  /** the columns that a table will have; undefined: a table that is none of our business */
  columnsOf(table: { readonly schema?: string; readonly name: string }): ReadonlySet<string> | undefined;
}

/** The columns a table will have: the models', and those that only the database knows. */
export function wantedColumns(had: Table, asked: Table, known: Table | undefined, rules: Rules, report: ScopeReport): readonly Column[] {
  const before = new Map(had.columns.map((column) => [column.name, column]));
  const history = new Map(known?.columns.map((column) => [column.name, column]));
  const kept = asked.columns.map((column) => {
    const found = before.get(column.name);
    return found === undefined || equal(found, column) ? (found ?? column) : carried(found, column, history.get(column.name), rules);
  });
  const names = new Set(asked.columns.map(({ name }) => name));
  for (const column of had.columns) {
    if (names.has(column.name) || history.has(column.name)) continue;
    kept.push(column);
    report.unmanaged("column", had, column.name);
  }
  return kept;
}

/** What the models say, with what they leave to the database as the database has it. */
function carried(had: Column, asked: Column, known: Column | undefined, rules: Rules): Column {
  const sameType = had.type === asked.type || rules.conversion(had, asked).kind === "none";
  const keep = (option: "charset" | "collation") =>
    asked[option] ?? (familyOf(had.type) === familyOf(asked.type) && known?.[option] !== had[option] ? had[option] : undefined);
  return tidy<Column>({
    ...asked,
    type: sameType ? had.type : asked.type,
    charset: keep("charset"),
    collation: keep("collation"),
    sequence: had.autoIncrement && asked.autoIncrement ? had.sequence : asked.sequence,
  });
}

/** A table as it will be: the models', plus what stands in the database and was never ours. */
export function wantedTable(had: Table, asked: Table, known: Table | undefined, columns: readonly Column[], scope: TableScope): Table {
  const option = (name: "engine" | "charset" | "collation") => asked[name] ?? (known?.[name] !== had[name] ? had[name] : undefined);
  const external = new Set(asked.external);
  const adopted = new Set(known?.adopted);
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const has = (list: readonly string[]) => list.every((name) => names.has(name.toLowerCase()));
  const reads = (...expressions: readonly (string | undefined)[]) => {
    const gone = had.columns.filter(({ name }) => !names.has(name.toLowerCase()));
    const found = mentions(...expressions);
    return gone.every(({ name }) => !found.has(name.toLowerCase()));
  };
  const settle = <T extends { readonly name?: string }>(what: string, lists: Lists<T>, fits: (item: T) => boolean): readonly T[] =>
    settled(what, had, { ...lists, adopted }, fits, scope);
  const foreignKeys = settle("foreign key", listsOf(had, asked, known, "foreignKeys"), (item) => has(item.columns) && reaches(item, scope));
  const indexes = settle(
    "index",
    { ...listsOf(had, asked, known, "indexes"), quiet: (item) => external.has(item.name), ours: implicit(had, foreignKeys, scope) },
    (item) => has(indexColumns(item)) && reads(item.where, ...indexExpressions(item)),
  );
  const [primaryKey] = settle(
    "primary key",
    { had: list(had.primaryKey), asked: list(asked.primaryKey), known: list(known?.primaryKey) },
    (item) => asked.primaryKey === undefined && has(item.columns),
  );
  return tidy<Table>({
    ...asked,
    columns,
    primaryKey,
    uniques: settle("unique", listsOf(had, asked, known, "uniques"), (item) => has(item.columns)),
    indexes,
    foreignKeys,
    checks: settle("check", listsOf(had, asked, known, "checks"), (item) => reads(item.expression)),
    exclusions: settle("exclusion", listsOf(had, asked, known, "exclusions"), (item) => reads(item.expression)),
    engine: option("engine"),
    charset: option("charset"),
    collation: option("collation"),
    external: undefined,
    adopted: undefined,
  });
}

interface Lists<T> {
  readonly had: readonly T[];
  readonly asked: readonly T[];
  readonly known: readonly T[];
  /** left alone, and not worth naming */
  readonly quiet?: (item: T) => boolean;
  /** goes although the history does not know it */
  readonly ours?: (item: T) => boolean;
  readonly adopted?: ReadonlySet<string>;
}

type ListName = "uniques" | "indexes" | "foreignKeys" | "checks" | "exclusions";

function listsOf<K extends ListName>(had: Table, asked: Table, known: Table | undefined, name: K): Lists<Table[K][number]> {
  return { had: had[name], asked: asked[name], known: known?.[name] ?? [] };
}

const list = <T>(item: T | undefined): readonly T[] => (item === undefined ? [] : [item]);

function settled<T extends { readonly name?: string }>(
  what: string,
  table: Table,
  { had, asked, known, quiet, ours, adopted }: Lists<T>,
  fits: (item: T) => boolean,
  { rules, names, report }: TableScope,
): readonly T[] {
  if (had.length === 0 && asked.length === 0) return [];
  const knownNames = new Set(known.map(({ name }) => name));
  // what the history knows and the database has by that name is no other than that: a second one like it is somebody else's
  const present = new Set(had.map(({ name }) => name));
  const knownShapes = new Set(known.filter(({ name }) => !present.has(name)).map(structureOf));
  const { same, renamed, changed, dropped, added } = pair(had, asked, rules.keptName);
  const kept = [...same.map(([before]) => before), ...changed.map(([, after]) => after), ...added];
  for (const [before, after] of renamed) {
    const called = knownNames.has(before.name) && !adopted?.has(before.name ?? "");
    if (names || (called && isNamed(before.name, after.name))) kept.push(after);
    else {
      kept.push(before);
      report.nameOnly(what, table, before.name ?? "", after.name ?? "");
    }
  }
  for (const item of dropped) {
    if (quiet?.(item) && fits(item)) kept.push(item);
    else if (ours?.(item) || knownNames.has(item.name) || knownShapes.has(structureOf(item))) continue;
    else if (fits(item)) {
      kept.push(item);
      report.unmanaged(what, table, item.name ?? "");
    } else report.collateral(what, table, item);
  }
  return kept.sort(byName);
}

/** MySQL makes an index of the foreign key's name for it; it goes with the foreign key. */
function implicit(had: Table, wanted: readonly ForeignKey[], { rules }: TableScope): (index: Index) => boolean {
  if (!rules.foreignKeysNeedIndex) return () => false;
  const stays = new Set(wanted.map(({ name }) => name));
  const gone = new Map(had.foreignKeys.filter(({ name }) => !stays.has(name)).map((key) => [key.name, key.columns]));
  return (index) =>
    index.unique === undefined &&
    equal(gone.get(index.name), index.columns) &&
    !wanted.some(({ columns }) => columns[0] === index.columns[0]);
}

function reaches({ columns, references }: ForeignKey, scope: TableScope): boolean {
  const target = scope.columnsOf(tidy({ schema: references.schema, name: references.table }));
  return target === undefined || (columns.length > 0 && references.columns.every((name) => target.has(name)));
}

/** A table that is not ours: as it is, but without the foreign keys that lose their target. */
export function leftAlone(table: Table, scope: TableScope): Table {
  const foreignKeys = table.foreignKeys.filter((key) => reaches(key, scope));
  return foreignKeys.length === table.foreignKeys.length ? table : { ...table, foreignKeys };
}
