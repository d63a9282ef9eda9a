import type { Db, Server } from "../../core/db.ts";
import type { Operation } from "../../core/operation.ts";
import { type Column, type Index, keyOf, type Schema, type Table, type View } from "../../core/schema.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { equal } from "../../diff/equal.ts";
import { indexed } from "../../diff/scope.ts";
import { touchedBy } from "../scratch/part.ts";

/** The two sides of a comparison. */
export interface Sides {
  readonly had: Schema;
  readonly wanted: Schema;
}

/**
 * What the operations touch in the words of the revision that made it, as far as the server takes both for the same: what it prints is not always what
 * it prints again of that, and TypeORM remembers the author's words. Taken back, a revision then leaves exactly what was there.
 */
export async function inAuthorsWords(
  { dialect, db, server }: { readonly dialect: Dialect; readonly db: Db; readonly server: Server },
  { had, wanted }: Sides,
  known: Schema,
  operations: readonly Operation[],
): Promise<Sides> {
  const touched = touchedBy(operations);
  const [tables, views] = [indexed(known.tables), indexed(known.views)];
  const said: Schema = {
    ...had,
    tables: had.tables.map((table) => (touched.has(keyOf(table)) ? saidTable(table, tables.get(keyOf(table))) : table)),
    views: had.views.map((view) => (touched.has(keyOf(view)) ? saidView(view, views.get(keyOf(view))) : view)),
  };
  if (equal(said, had)) return { had, wanted };
  const printed = await dialect.canonical(db, server, said, had);
  // what the server refuses to print counts as the same where nothing is changed for it
  if (printed.notCompared.length > 0) return { had, wanted };
  const words = wordsOf(had, said, printed.wanted);
  return { had: spoken(had, words), wanted: spoken(wanted, words) };
}

function saidTable(table: Table, known: Table | undefined): Table {
  if (known === undefined) return table;
  return {
    ...table,
    columns: table.columns.map((column) => {
      const generated = known.columns.find(({ name }) => name === column.name)?.generated;
      if (column.generated === undefined || generated === undefined) return column;
      return { ...column, generated: { ...column.generated, expression: generated.expression } };
    }),
    checks: table.checks.map((check) => ({ ...check, ...expressionIn(known.checks, check.name) })),
    exclusions: table.exclusions.map((exclusion) => ({ ...exclusion, ...expressionIn(known.exclusions, exclusion.name) })),
    indexes: saidIndexes(table, known),
  };
}

function saidView(view: View, known: View | undefined): View {
  return known === undefined ? view : { ...view, definition: known.definition, indexes: saidIndexes(view, known) };
}

function expressionIn(items: readonly { readonly name: string; readonly expression: string }[], name: string): object {
  const found = items.find((item) => item.name === name);
  return found === undefined ? {} : { expression: found.expression };
}

function saidIndexes({ indexes }: { readonly indexes: readonly Index[] }, known: { readonly indexes: readonly Index[] }): readonly Index[] {
  return indexes.map((index) => {
    const found = known.indexes.find(({ name }) => name === index.name);
    if (found === undefined || found.columns.length !== index.columns.length) return index;
    return { ...index, columns: found.columns, ...(index.where !== undefined && found.where !== undefined && { where: found.where }) };
  });
}

/** By table or view: what the server prints, and what somebody said that it prints so. */
type Words = ReadonlyMap<string, ReadonlyMap<string, object>>;

function wordsOf(had: Schema, said: Schema, printed: Schema): Words {
  const words = new Map<string, Map<string, object>>();
  const note = <T extends { readonly name: string }>(key: string, is: readonly T[], asked: readonly T[], answers: readonly T[]) => {
    is.forEach((item, at) => {
      const [question, answer] = [asked[at], answers[at]];
      if (question === undefined || answer === undefined || equal(question, item) || !equal(answer, item)) return;
      words.set(key, (words.get(key) ?? new Map<string, object>()).set(textIn(item), textsOf(question)));
    });
  };
  had.tables.forEach((table, at) => {
    const [asked, answered] = [said.tables[at], printed.tables[at]];
    if (asked === undefined || answered === undefined || asked === table) return;
    note(keyOf(table), partsOf(table), partsOf(asked), partsOf(answered));
  });
  had.views.forEach((view, at) => {
    const [asked, answered] = [said.views[at], printed.views[at]];
    if (asked === undefined || answered === undefined || asked === view) return;
    note(keyOf(view), view.indexes, asked.indexes, answered.indexes);
    const bare = ({ definition }: View) => [{ name: view.name, definition }];
    note(keyOf(view), bare(view), bare(asked), bare(answered));
  });
  return words;
}

const partsOf = ({ columns, checks, exclusions, indexes }: Table): readonly Part[] => [...columns, ...checks, ...exclusions, ...indexes];

type Part = Table["columns"][number] | Table["checks"][number] | Table["exclusions"][number] | Index;

/** What of a thing the server has words of its own for. */
function textsOf(item: object): object {
  if ("definition" in item) return { definition: item.definition };
  // computed alike it has the same words, kept or not
  if ("generated" in item) return { generated: (item as Column).generated?.expression };
  if ("expression" in item) return { expression: item.expression };
  return "columns" in item ? { columns: item.columns, ...("where" in item ? { where: item.where } : {}) } : {};
}

const textIn = (item: object): string => JSON.stringify(textsOf(item));

function spoken(schema: Schema, words: Words): Schema {
  const put = <T extends object>(own: ReadonlyMap<string, object>, item: T): T => ({ ...item, ...own.get(textIn(item)) });
  const putColumn = (own: ReadonlyMap<string, object>, column: Column): Column => {
    const { generated: expression } = (own.get(textIn(column)) ?? {}) as { readonly generated?: string };
    return column.generated === undefined || expression === undefined
      ? column
      : { ...column, generated: { ...column.generated, expression } };
  };
  return {
    ...schema,
    tables: schema.tables.map((table) => {
      const own = words.get(keyOf(table));
      if (own === undefined) return table;
      return {
        ...table,
        columns: table.columns.map((column) => putColumn(own, column)),
        checks: table.checks.map((item) => put(own, item)),
        exclusions: table.exclusions.map((item) => put(own, item)),
        indexes: table.indexes.map((item) => put(own, item)),
      };
    }),
    views: schema.views.map((view) => {
      const own = words.get(keyOf(view));
      return own === undefined ? view : { ...put(own, view), indexes: view.indexes.map((item) => put(own, item)) };
    }),
  };
}
