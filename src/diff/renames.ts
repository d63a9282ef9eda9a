import type { AddColumn, DropColumn, Operation } from "../core/operation.ts";
import type { Point } from "../core/revision.ts";
import { type Column, keyOf, type PropertyNames, type Table } from "../core/schema.ts";
import { compare, tidy } from "./equal.ts";
import { type Evidence, judge, type Place } from "./evidence.ts";
import { on, tableOf } from "./on.ts";
import type { Collateral } from "./scope-report.ts";
import { sameInAnotherStyle } from "./similarity.ts";

/** A question without its number. */
export type Question = Omit<Point, "id">;

/** What else is known where questions are made. */
export interface Besides {
  readonly collateral?: Collateral;
  readonly properties?: PropertyNames | undefined;
}

/** Columns that go and columns that come in one table: the ones that may be the same under another name. */
export function columnQuestions(
  operations: readonly Operation[],
  before: ReadonlyMap<string, Table>,
  after: ReadonlyMap<string, Table>,
  { collateral, properties }: Besides = {},
): readonly Question[] {
  const gone = byTable(operations.filter((operation) => operation.kind === "dropColumn"));
  const come = byTable(operations.filter((operation) => operation.kind === "addColumn"));
  return [...gone]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([key, drops]) => {
      const [had, table] = [before.get(key), after.get(key)];
      const adds = come.get(key);
      if (had === undefined || table === undefined || adds === undefined) return [];
      const names = new Set(drops.map(({ column }) => column.name));
      const fresh = adds.filter(({ column }) => !names.has(column.name));
      const made = new Set(adds.map(({ column }) => column.name));
      const old = drops.filter(({ column }) => !made.has(column.name));
      const handMade = collateral?.get(key) ?? [];
      return questionsOf(
        had,
        table,
        old.map(({ column }) => column),
        fresh.map(({ column }) => column),
        properties?.get(key),
      ).map((question) => {
        const keeps = handMade.filter(({ columns }) => columns.has((question.from ?? "").toLowerCase())).map(({ name }) => name);
        return keeps.length === 0 ? question : { ...question, keeps };
      });
    });
}

function byTable<T extends DropColumn | AddColumn>(operations: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const tables = new Map<string, T[]>();
  for (const operation of operations) {
    const key = keyOf(tableOf(operation));
    const list = tables.get(key);
    if (list === undefined) tables.set(key, [operation]);
    else list.push(operation);
  }
  return tables;
}

interface Candidate extends Evidence {
  readonly from: Column;
  readonly to: Column;
}

/** The likeliest pairs first; a column is in one question only, what else it could be stands in the alternatives. */
function questionsOf(
  had: Table,
  table: Table,
  old: readonly Column[],
  fresh: readonly Column[],
  called: Place["called"],
): readonly Question[] {
  const restyled = (column: Column, others: readonly Column[]) => others.some(({ name }) => sameInAnotherStyle(name, column.name));
  const place: Place = {
    had,
    table,
    called,
    old: old.filter((one) => !restyled(one, fresh)),
    fresh: fresh.filter((one) => !restyled(one, old)),
  };
  const candidates = old
    .flatMap((from) =>
      fresh.flatMap((to): Candidate[] => {
        const evidence = judge(place, from, to);
        return evidence === null ? [] : [{ from, to, ...evidence }];
      }),
    )
    .sort((a, b) => b.confidence - a.confidence || compare(a.from.name, b.from.name) || compare(a.to.name, b.to.name));
  const chosen = choose(candidates);
  const position = (column: Column) => had.columns.findIndex(({ name }) => name === column.name);
  return chosen
    .sort((a, b) => position(a.from) - position(b.from))
    .map(({ from, to, confidence, because }) => {
      const others = candidates.filter((other) => other.from === from && other.to !== to).map((other) => other.to.name);
      const rivals = candidates.filter((other) => other.to === to && other.from !== from).map((other) => other.from.name);
      return tidy<Question>({
        kind: "rename",
        ...on(table),
        table: table.name,
        schema: table.schema,
        column: undefined,
        from: from.name,
        to: to.name,
        confidence,
        evidence: [...because, ...rivals.map((name) => `${name} may have become ${to.name}, too`)],
        alternatives: others.length === 0 ? undefined : others,
        stake: `the values of ${from.name}`,
        keeps: undefined,
      });
    });
}

export function choose<T extends { readonly from: unknown; readonly to: unknown }>(candidates: readonly T[]): T[] {
  const taken = new Set<unknown>();
  return candidates.filter(({ from, to }) => {
    if (taken.has(from) || taken.has(to)) return false;
    taken.add(from).add(to);
    return true;
  });
}

/** Questions get their numbers in the order they are asked. */
export const numbered = (questions: readonly Question[], taken: readonly Point[] = []): readonly Point[] => {
  const highest = Math.max(0, ...taken.map(({ id }) => Number(/^r(\d+)$/.exec(id)?.[1] ?? 0)));
  return questions.map((question, i) => ({ id: `r${highest + i + 1}`, ...question }));
};
