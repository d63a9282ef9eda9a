import { type Check, type Column, type Index, keyOf, type Schema, type Table, type View } from "../../../core/schema.ts";

/** A text that differs and may yet be the same to the server. */
export type Question =
  | { readonly kind: "column"; readonly table: Table; readonly wanted: Column; readonly had: Column }
  | { readonly kind: "check"; readonly table: Table; readonly wanted: Check; readonly had?: Check }
  | { readonly kind: "index"; readonly table: Table; readonly wanted: Index; readonly had: Index }
  | { readonly kind: "view"; readonly wanted: View; readonly had: View };

/** What the server made of a question's `wanted`, or why it would not. */
export type Answer = { readonly is: Question["wanted"] } | { readonly refused: string };
export type Answers = ReadonlyMap<Question, Answer>;

export function questionsOf(wanted: Schema, had: Schema): readonly Question[] {
  const tables = new Map(had.tables.map((table) => [keyOf(table), table]));
  const views = new Map(had.views.map((view) => [keyOf(view), view]));
  return [
    ...wanted.tables.flatMap((table) => {
      const there = tables.get(keyOf(table));
      return there === undefined ? [] : [...ofColumns(table, there), ...ofChecks(table, there), ...ofIndexes(table, there)];
    }),
    ...wanted.views.flatMap((view): readonly Question[] => {
      const there = views.get(keyOf(view));
      return there === undefined || there.definition === view.definition ? [] : [{ kind: "view", wanted: view, had: there }];
    }),
  ];
}

function ofColumns(table: Table, there: Table): readonly Question[] {
  const columns = new Map(there.columns.map((column) => [column.name, column]));
  return table.columns.flatMap((wanted): readonly Question[] => {
    const had = columns.get(wanted.name);
    if (had === undefined) return [];
    const same =
      wanted.type === had.type &&
      (wanted.default === had.default || wanted.default === undefined || had.default === undefined) &&
      (wanted.generated === undefined || had.generated === undefined || wanted.generated.expression === had.generated.expression) &&
      wanted.charset === had.charset &&
      wanted.collation === had.collation;
    return same ? [] : [{ kind: "column", table, wanted, had }];
  });
}

function ofChecks(table: Table, there: Table): readonly Question[] {
  const byName = new Map(there.checks.map((check) => [check.name, check]));
  const wantedTexts = new Set(table.checks.map((check) => check.expression));
  const hadTexts = new Set(there.checks.map((check) => check.expression));
  const strangers = there.checks.some((check) => !wantedTexts.has(check.expression));
  return table.checks
    .filter((check) => strangers && !hadTexts.has(check.expression))
    .map((wanted): Question => {
      const had = byName.get(wanted.name);
      return had === undefined ? { kind: "check", table, wanted } : { kind: "check", table, wanted, had };
    });
}

function ofIndexes(table: Table, there: Table): readonly Question[] {
  const byName = new Map(there.indexes.map((index) => [index.name, index]));
  return table.indexes.flatMap((wanted): readonly Question[] => {
    const had = byName.get(wanted.name);
    const texts = (index: Index): string => JSON.stringify(index.columns);
    return had !== undefined && hasExpression(wanted) && texts(wanted) !== texts(had) ? [{ kind: "index", table, wanted, had }] : [];
  });
}

function hasExpression(index: Index): boolean {
  return index.columns.some((part) => typeof part !== "string" && part.expression !== undefined);
}

export function subjectOf(question: Question): string {
  if (question.kind === "view") return `view ${question.wanted.name}`;
  if (question.kind === "column") return `column ${question.table.name}.${question.wanted.name}`;
  return `${question.kind} ${question.table.name}.${question.wanted.name}`;
}
