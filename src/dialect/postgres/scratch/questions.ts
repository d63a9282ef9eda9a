import {
  type Check,
  type Column,
  type Exclusion,
  type Index,
  keyOf,
  labelOf,
  type Schema,
  type Table,
  type View,
} from "../../../core/schema.ts";
import { typeNameOf } from "../../../core/type-name.ts";
import { isKnownType } from "../type-words.ts";

/** A text that differs and may yet be the same to the server. */
export type Question =
  | { readonly kind: "column"; readonly on: Table; readonly wanted: Column; readonly had: Column }
  | { readonly kind: "check"; readonly on: Table; readonly wanted: Check; readonly had?: Check }
  | { readonly kind: "exclusion"; readonly on: Table; readonly wanted: Exclusion; readonly had?: Exclusion }
  | { readonly kind: "index"; readonly on: Table | View; readonly wanted: Index; readonly had?: Index }
  | { readonly kind: "view"; readonly on: View; readonly wanted: View; readonly had: View };

/** What the server made of a question's `wanted`, or why it would not. */
export type Answer = { readonly is: Question["wanted"] } | { readonly refused: string };

export function questionsOf(wanted: Schema, had: Schema): readonly Question[] {
  const tables = new Map(had.tables.map((table) => [keyOf(table), table]));
  const views = new Map(had.views.map((view) => [keyOf(view), view]));
  const ownTypes = new Set(wanted.enums.map(typeNameOf));
  return [
    ...wanted.tables.flatMap((table) => {
      const there = tables.get(keyOf(table));
      return there === undefined ? [] : ofTable(table, there, ownTypes);
    }),
    ...wanted.views.flatMap((view) => {
      const there = views.get(keyOf(view));
      return there === undefined ? [] : ofView(view, there);
    }),
  ];
}

function ofTable(on: Table, there: Table, ownTypes: ReadonlySet<string>): readonly Question[] {
  const columns = new Map(there.columns.map((column) => [column.name, column]));
  return [
    ...on.columns.flatMap((wanted): Question[] => {
      const had = columns.get(wanted.name);
      const asked = had !== undefined && (asksType(wanted, had, ownTypes) || asksDefault(wanted, had) || asksGenerated(wanted, had));
      return asked ? [{ kind: "column", on, wanted, had }] : [];
    }),
    ...estranged(on.checks, there.checks, textOf).map((pair): Question => ({ kind: "check", on, ...pair })),
    ...estranged(on.exclusions, there.exclusions, textOf).map((pair): Question => ({ kind: "exclusion", on, ...pair })),
    ...ofIndexes(on, there),
  ];
}

function ofView(on: View, there: View): readonly Question[] {
  const text: Question[] = on.definition === there.definition ? [] : [{ kind: "view", on, wanted: on, had: there }];
  return [...text, ...ofIndexes(on, there)];
}

function ofIndexes(on: Table | View, there: Table | View): readonly Question[] {
  const [wanted, had] = [on.indexes.filter(hasText), there.indexes.filter(hasText)];
  return estranged(wanted, had, structureOf).map((pair): Question => ({ kind: "index", on, ...pair }));
}

/** The server's own types have one spelling, and so have the schema's: a difference between these is one. */
export const asksType = (wanted: Column, had: Column, ownTypes: ReadonlySet<string>): boolean =>
  wanted.type !== had.type && !isKnownType(wanted.type) && !ownTypes.has(wanted.type.replace(/\[\]$/, ""));

const asksDefault = (wanted: Column, had: Column): boolean =>
  wanted.default !== undefined && had.default !== undefined && wanted.default !== had.default;

const asksGenerated = (wanted: Column, had: Column): boolean =>
  wanted.generated !== undefined && had.generated !== undefined && wanted.generated.expression !== had.generated.expression;

const textOf = (item: Check | Exclusion): string => item.expression;

const hasText = (index: Index): boolean =>
  index.where !== undefined || index.columns.some((part) => typeof part !== "string" && part.expression !== undefined);

/** All of an index but what is only called differently. */
function structureOf({ name: _, comment: __, ...rest }: Index): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Those that have no twin, while on the other side there are some without one, too. */
function estranged<T extends { readonly name: string }>(
  wanted: readonly T[],
  had: readonly T[],
  spelled: (item: T) => string,
): readonly { readonly wanted: T; readonly had?: T }[] {
  const texts = new Set(wanted.map(spelled));
  const there = new Set(had.map(spelled));
  if (had.every((item) => texts.has(spelled(item)))) return [];
  const byName = new Map(had.map((item) => [item.name, item]));
  return wanted
    .filter((item) => !there.has(spelled(item)))
    .map((item) => {
      const twin = byName.get(item.name);
      return twin === undefined ? { wanted: item } : { wanted: item, had: twin };
    });
}

export function subjectOf(question: Question): string {
  if (question.kind === "view") return `view ${labelOf(question.on)}`;
  return `${question.kind} ${labelOf(question.on)}.${question.wanted.name}`;
}
