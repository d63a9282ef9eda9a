import { type Column, type Index, keyOf, type QualifiedName, type Schema, type Table, type View } from "../../../core/schema.ts";

/** One text that the server is asked to print. */
export interface Question {
  readonly of: QualifiedName;
  readonly part: "column" | "check" | "exclusion" | "index" | "view";
  /** the part's name; of a view its own */
  readonly name: string;
}

/** What differs in a text, and may yet be the same. */
export function asked(wanted: Schema, had: Schema): readonly Question[] {
  const tables = new Map(had.tables.map((table) => [keyOf(table), table]));
  const views = new Map(had.views.map((view) => [keyOf(view), view]));
  return [
    ...wanted.tables.flatMap((table) => {
      const other = tables.get(keyOf(table));
      return other === undefined ? [] : tableQuestions(table, other);
    }),
    ...wanted.views.flatMap((view) => {
      const other = views.get(keyOf(view));
      return other === undefined ? [] : viewQuestions(view, other);
    }),
  ];
}

function tableQuestions(table: Table, had: Table): readonly Question[] {
  const of = nameOf(table);
  const about = (part: Question["part"], name: string): Question => ({ of, part, name });
  const columns = byName(had.columns);
  return [
    ...table.columns.filter((one) => columnDiffers(one, columns.get(one.name))).map(({ name }) => about("column", name)),
    ...expressions(table.checks, had.checks).map((name) => about("check", name)),
    ...expressions(table.exclusions, had.exclusions).map((name) => about("exclusion", name)),
    ...indexQuestions(table.indexes, had.indexes).map((name) => about("index", name)),
  ];
}

function columnDiffers(column: Column, had: Column | undefined): boolean {
  if (had === undefined) return false;
  const both = <T>(a: T | undefined, b: T | undefined): boolean => a !== undefined && b !== undefined && a !== b;
  return column.type !== had.type || both(column.default, had.default) || both(column.generated?.expression, had.generated?.expression);
}

/** One that has a counterpart of its name with another text, or none of its name while some of the other side have none either. */
function expressions(list: readonly Named[], had: readonly Named[]): readonly string[] {
  const [wanted, there] = [byName(list), byName(had)];
  const left = had.some(({ name }) => !wanted.has(name));
  return list
    .filter((one) => {
      const other = there.get(one.name);
      return other === undefined ? left : other.expression !== one.expression;
    })
    .map(({ name }) => name);
}
interface Named {
  readonly name: string;
  readonly expression: string;
}

function indexQuestions(list: readonly Index[], had: readonly Index[]): readonly string[] {
  const [wanted, there] = [byName(list), byName(had)];
  const left = had.some(({ name }) => !wanted.has(name));
  return list
    .filter((one) => {
      if (textsOf(one).length === 0) return false;
      const other = there.get(one.name);
      return other === undefined ? left : JSON.stringify(textsOf(one)) !== JSON.stringify(textsOf(other));
    })
    .map(({ name }) => name);
}

function textsOf(index: Index): readonly unknown[] {
  const parts = index.columns.filter((part) => typeof part !== "string");
  return [...parts, ...(index.where === undefined ? [] : [index.where])];
}

function viewQuestions(view: View, had: View): readonly Question[] {
  const of = nameOf(view);
  const differs = view.definition !== had.definition;
  return [
    ...(differs ? [{ of, part: "view" as const, name: view.name }] : []),
    ...indexQuestions(view.indexes, had.indexes).map((name) => ({ of, part: "index" as const, name })),
  ];
}

/** The server's prints, by question: what it made of the wanted part. */
export type Prints = ReadonlyMap<string, Column | Index | Named | View>;
export const answerKey = ({ of, part, name }: Question): string => `${part}\u0000${keyOf(of)}\u0000${name}`;

/** `wanted` with the database's text wherever the server prints the wanted one the same. */
export function settled(wanted: Schema, had: Schema, questions: readonly Question[], prints: Prints): Schema {
  const asks = new Set(questions.map(({ of }) => keyOf(of)));
  const tables = new Map(had.tables.map((table) => [keyOf(table), table]));
  const views = new Map(had.views.map((view) => [keyOf(view), view]));
  return {
    ...wanted,
    tables: wanted.tables.map((table) => {
      const other = tables.get(keyOf(table));
      return other === undefined || !asks.has(keyOf(table)) ? table : settledTable(table, other, prints);
    }),
    views: wanted.views.map((view) => {
      const other = views.get(keyOf(view));
      return other === undefined || !asks.has(keyOf(view)) ? view : settledView(view, other, prints);
    }),
  };
}

function settledTable(table: Table, had: Table, prints: Prints): Table {
  const of = nameOf(table);
  const print = <T>(part: Question["part"], name: string) => prints.get(answerKey({ of, part, name })) as T | undefined;
  const columns = byName(had.columns);
  return {
    ...table,
    columns: table.columns.map((column) => {
      const printed = print<Column>("column", column.name);
      const other = columns.get(column.name);
      return printed === undefined || other === undefined ? column : settledColumn(column, printed, other);
    }),
    checks: table.checks.map((check) => takeText(check, print<Named>("check", check.name), had.checks)),
    exclusions: table.exclusions.map((one) => takeText(one, print<Named>("exclusion", one.name), had.exclusions)),
    indexes: table.indexes.map((index) => takeIndex(index, print<Index>("index", index.name), had.indexes)),
  };
}

function settledColumn(column: Column, printed: Column, had: Column): Column {
  return {
    ...column,
    type: printed.type === had.type ? had.type : column.type,
    ...(printed.default !== undefined && printed.default === had.default ? { default: had.default } : {}),
    ...(column.generated !== undefined && printed.generated?.expression === had.generated?.expression && had.generated !== undefined
      ? { generated: { ...column.generated, expression: had.generated.expression } }
      : {}),
  };
}

/** The text of the database's part of that name, or of one whose name nobody else wants, if the server prints it so. */
function takeText<T extends Named>(one: T, printed: Named | undefined, had: readonly Named[]): T {
  if (printed === undefined) return one;
  const same =
    had.find(({ name, expression }) => name === one.name && expression === printed.expression) ??
    had.find(({ expression }) => expression === printed.expression);
  return same === undefined ? one : { ...one, expression: same.expression };
}

function takeIndex(one: Index, printed: Index | undefined, had: readonly Index[]): Index {
  if (printed === undefined) return one;
  const shape = (index: Index) => JSON.stringify([index.columns, index.where]);
  const same = had.find((other) => shape(other) === shape(printed));
  if (same === undefined) return one;
  return { ...one, columns: same.columns, ...(same.where === undefined ? {} : { where: same.where }) };
}

function settledView(view: View, had: View, prints: Prints): View {
  const of = nameOf(view);
  const printed = prints.get(answerKey({ of, part: "view", name: view.name })) as View | undefined;
  const indexes = view.indexes.map((index) =>
    takeIndex(index, prints.get(answerKey({ of, part: "index", name: index.name })) as Index | undefined, had.indexes),
  );
  return { ...view, indexes, ...(printed?.definition === had.definition ? { definition: had.definition } : {}) };
}

export function nameOf({ schema, name }: QualifiedName): QualifiedName {
  return schema === undefined ? { name } : { schema, name };
}

function byName<T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [one.name, one]));
}
