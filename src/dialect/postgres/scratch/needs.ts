import { indexColumns, indexExpressions } from "../../../core/index-parts.ts";
import { type EnumType, keyOf, type QualifiedName, type Schema, type Table, type View } from "../../../core/schema.ts";
import { nameOf, tokensOf } from "../scan.ts";
import type { Question } from "./questions.ts";

/** What must stand in the scratch place so that the questions can be asked there; all else is read where it is. */
export interface Needs {
  readonly extensions: readonly string[];
  readonly enums: readonly EnumType[];
  readonly tables: readonly Table[];
  /** each after those it reads */
  readonly views: readonly View[];
}

export function needsOf(questions: readonly Question[], wanted: Schema, had: Schema): Needs {
  const views = viewsFor(questions, wanted, had);
  const asked = new Set(questions.flatMap(({ kind, on }) => (kind === "view" || "definition" in on ? [] : [keyOf(on)])));
  const read = new Set(views.flatMap(({ definition }) => [...namesIn(definition)]));
  const there = indexed(had.tables);
  const texts = textsOf(questions);
  return {
    extensions: wanted.extensions.filter((name) => !had.extensions.includes(name)),
    enums: newEnums(wanted.enums, indexed(had.enums)),
    tables: wanted.tables
      .filter((table) => asked.has(keyOf(table)) || (read.has(table.name) && isChanged(table, there.get(keyOf(table)))))
      .map((table) => (read.has(table.name) ? inOrderOf(table, there.get(keyOf(table))) : bareOf(table, texts.get(keyOf(table)) ?? []))),
    views,
  };
}

const indexed = <T extends QualifiedName>(items: readonly T[]): ReadonlyMap<string, T> => new Map(items.map((item) => [keyOf(item), item]));

function newEnums(enums: readonly EnumType[], there: ReadonlyMap<string, EnumType>): readonly EnumType[] {
  return enums.filter((type) => JSON.stringify(there.get(keyOf(type))?.values) !== JSON.stringify(type.values));
}

function isChanged(table: Table, there: Table | undefined): boolean {
  const had = new Map(there?.columns.map(({ name, type }) => [name, type]));
  return had.size !== table.columns.length || table.columns.some(({ name, type }) => had.get(name) !== type);
}

/** By table, the names that its questions' texts mention. */
function textsOf(questions: readonly Question[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const question of questions) {
    const names = question.kind === "view" ? [] : mentionedBy(question);
    const own = found.get(keyOf(question.on));
    if (own === undefined) found.set(keyOf(question.on), names);
    else own.push(...names);
  }
  return found;
}

function mentionedBy(question: Exclude<Question, { kind: "view" }>): string[] {
  if (question.kind === "column") return [question.wanted.name, ...namesIn(question.wanted.generated?.expression ?? "")];
  if (question.kind !== "index") return [...namesIn(question.wanted.expression)];
  const { where = "" } = question.wanted;
  return [...indexColumns(question.wanted), ...[...indexExpressions(question.wanted), where].flatMap((text) => [...namesIn(text)])];
}

/** The columns that are spoken of: to make a table is what costs, and a key and long texts make it dearer. A row as a whole is all of them. */
function bareOf(table: Table, names: readonly string[]): Table {
  const spoken = new Set(names);
  if (spoken.has(table.name)) return table;
  const { primaryKey: _, ...rest } = table;
  return { ...rest, columns: table.columns.filter(({ name }) => spoken.has(name)) };
}

/** `SELECT *` gives the columns in the table's order, where new ones come last. */
function inOrderOf(table: Table, there: Table | undefined): Table {
  const place = new Map(there?.columns.map(({ name }, at) => [name, at]));
  const at = (name: string): number => place.get(name) ?? Number.MAX_SAFE_INTEGER;
  return { ...table, columns: [...table.columns].sort((a, b) => (at(a.name) === at(b.name) ? 0 : at(a.name) - at(b.name))) };
}

/** The views in question, and those that they read and that are not there yet as they are wanted. */
function viewsFor(questions: readonly Question[], wanted: Schema, had: Schema): readonly View[] {
  const there = indexed(had.views);
  const isNew = (view: View): boolean => there.get(keyOf(view))?.definition !== view.definition;
  const ordered: View[] = [];
  const visiting = new Set<string>();
  const visit = (view: View): void => {
    if (visiting.has(keyOf(view))) return;
    visiting.add(keyOf(view));
    const names = namesIn(view.definition);
    for (const other of wanted.views) if (names.has(other.name) && isNew(other)) visit(other);
    ordered.push(view);
  };
  for (const { on } of questions) if ("definition" in on) visit(on);
  return ordered;
}

function namesIn(sql: string): ReadonlySet<string> {
  return new Set(tokensOf(sql).flatMap((token) => (token.kind === "word" || token.kind === "name" ? [nameOf(token)] : [])));
}
