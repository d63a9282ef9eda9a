import { usage } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import type { Point } from "../core/revision.ts";
import { keyOf, labelOf } from "../core/schema.ts";
import { usingPoints } from "./columns.ts";
import { equal, tidy } from "./equal.ts";
import { withoutParts } from "./follow.ts";
import { called, calledColumn, columnIn, columnLabel, describePoint, placeOf } from "./labels.ts";
import { tableOf } from "./on.ts";
import { order } from "./order.ts";
import { columnQuestions, numbered } from "./renames.ts";
import { type Conversions, columnPair, renameColumn } from "./resolve-columns.ts";
import { renameEnumValue, valuesNamed } from "./resolve-enums.ts";
import { renameTable, tablePair } from "./resolve-tables.ts";
import { type Renamed, restage } from "./restage.ts";
import type { StageRules } from "./stage.ts";

/** What a reviewer says to the open points. Tables may be named `schema.table`; a value of an enum is renamed as `mood.old:new`, on MySQL `table.column.old:new`. */
export interface Answers {
  readonly renames?: readonly { readonly schema?: string; readonly table: string; readonly from: string; readonly to: string }[];
  readonly renameTables?: readonly { readonly from: string; readonly to: string }[];
  readonly drops?: readonly { readonly table: string; readonly column: string }[];
  readonly dropTables?: readonly string[];
  readonly all?: "rename" | "drop";
  /** by `table.column`: SQL */
  readonly fill?: Readonly<Record<string, string>>;
  readonly using?: Readonly<Record<string, string>>;
}

export interface ResolveOptions {
  /** the downgrade's operations: there an old name comes back, and what fits nothing is no mistake */
  readonly direction?: "upgrade" | "downgrade";
  /** how a column that is renamed and retyped converts, and what stands in its way; without them the server is left to assign */
  readonly rules?: Conversions & StageRules;
}

const plain: Conversions & StageRules = {
  conversion: (from, to) => ({ kind: from.type === to.type ? "none" : "assign" }),
  dependentsBlock: false,
  enumValuesInPlace: true,
  defaultRenamed: (value) => value,
  foreignKeysBlockRetype: false,
  foreignKeysNeedIndex: false,
};

export interface Resolution {
  readonly operations: readonly Operation[];
  /** what is still open */
  readonly review: readonly Point[];
  readonly resolved: readonly Point[];
}

/** Rewrites a list of operations as the answers say: pure, and the same code for both directions. */
export function resolve(
  operations: readonly Operation[],
  review: readonly Point[],
  answers: Answers,
  options: ResolveOptions = {},
): Resolution {
  const back = options.direction === "downgrade";
  const rules = options.rules ?? plain;
  const state = new Resolving(operations, back ? review.map(mirrored) : review, rules, back);
  const told = back ? mirroredAnswers(answers) : answers;
  for (const { from, to } of told.renameTables ?? []) state.table(from, to);
  if (told.all === "rename") state.allTables();
  for (const answer of told.renames ?? [])
    state.rename(answer.schema === undefined ? answer.table : `${answer.schema}.${answer.table}`, answer.from, answer.to);
  for (const { table, column } of told.drops ?? []) state.drop(table, column);
  for (const table of told.dropTables ?? []) state.dropTable(table);
  for (const [column, sql] of Object.entries(told.fill ?? {})) state.set("fill", column, sql);
  for (const [column, sql] of Object.entries(told.using ?? {})) state.set("using", column, sql);
  if (told.all !== undefined) state.all(told.all);
  const { open, resolved } = state;
  return {
    operations: equal(state.operations, operations) ? operations : order(restage(state.operations, state.renamed, rules)),
    review: back ? open.map(mirrored) : open,
    resolved: back ? resolved.map(mirrored) : resolved,
  };
}

/** The points that the operations still pose: the others have been answered by hand. */
export function stillOpen(operations: readonly Operation[], review: readonly Point[]): readonly Point[] {
  return review.filter((point) => {
    const { kind, from = "", to = "" } = point;
    if (kind === "rename") return columnPair(operations, tableOf(point), from, to) !== null;
    if (kind === "renameTable") return tablePair(operations, from, to) !== null;
    if (kind === "using") {
      return calledColumn(operations, placeOf(point), columnIn).some(
        (operation) => operation.kind === "alterColumn" && operation.using === undefined,
      );
    }
    if (kind === "renameEnumValue") return valuesNamed(operations, placeOf(point), from, to).length > 0;
    return true;
  });
}

class Resolving {
  operations: readonly Operation[];
  open: readonly Point[];
  readonly resolved: Point[] = [];
  readonly renamed: Renamed[] = [];
  private readonly rules: Conversions;
  private readonly lenient: boolean;

  constructor(operations: readonly Operation[], open: readonly Point[], rules: Conversions, lenient: boolean) {
    this.operations = operations;
    this.open = open;
    this.rules = rules;
    this.lenient = lenient;
  }

  table(from: string, to: string): void {
    const pair = tablePair(this.operations, from, to);
    if (pair === null) {
      this.unfit(`rename the table ${from} to ${to}`);
      return;
    }
    const [drop, create] = pair;
    const { operations, had, wanted } = renameTable(this.operations, pair, { rules: this.rules, alteredEnums: new Set() });
    this.operations = operations;
    this.renamed.push({ before: tableOf(drop), had, wanted });
    const [before, after] = [labelOf(tableOf(drop)), labelOf(tableOf(create))];
    this.close((point) => point.kind === "renameTable" && (point.from === before || point.to === after), {
      kind: "renameTable",
      table: before,
      from: before,
      to: after,
      evidence: [],
    });
    const key = keyOf(wanted);
    const own = operations.filter(
      (operation) => "table" in operation && operation.kind !== "moveTable" && keyOf(tableOf(operation)) === key,
    );
    this.ask([...columnQuestions(own, new Map([[key, had]]), new Map([[key, wanted]])), ...usingPoints(own, this.rules)]);
  }

  /** What an answer leads on to. */
  private ask(questions: readonly Omit<Point, "id">[]): void {
    this.open = [...this.open, ...numbered(questions, [...this.open, ...this.resolved])];
  }

  allTables(): void {
    for (const { kind, from, to } of this.open) if (kind === "renameTable" && from !== undefined && to !== undefined) this.table(from, to);
  }

  rename(label: string, from: string, to: string): void {
    const tables = this.operations.filter((operation) => operation.kind === "dropColumn").map(tableOf);
    const table = called(tables, label, (name) => name).find((name) => columnPair(this.operations, name, from, to) !== null);
    const pair = table === undefined ? null : columnPair(this.operations, table, from, to);
    if (table === undefined || pair === null) {
      this.renameValue(label, from, to);
      return;
    }
    const here = (point: Point) => point.kind === "rename" && keyOf(tableOf(point)) === keyOf(table);
    const kept = new Set(this.open.flatMap((point) => (here(point) && point.from === from ? (point.keeps ?? []) : [])));
    this.operations = renameColumn(withoutParts(this.operations, table, kept), pair, this.rules);
    this.close(
      (point) => here(point) && point.from === from,
      tidyPoint({ kind: "rename", schema: table.schema, table: table.name, from, to, evidence: [] }),
    );
    // What else may have become the same column has lost it: it is asked about its other candidates, or not any more.
    this.open = this.open.flatMap((point) => (here(point) && point.to === to ? nextCandidate(point, this.operations) : [point]));
    this.ask(
      usingPoints(
        this.operations.filter((one) => one.kind === "alterColumn" && one.to.name === to && keyOf(tableOf(one)) === keyOf(table)),
        this.rules,
      ),
    );
  }

  private renameValue(label: string, from: string, to: string): void {
    const [value] = valuesNamed(this.operations, label, from, to);
    const operations = value === undefined ? null : renameEnumValue(this.operations, value);
    if (value === undefined || operations === null) {
      this.unfit(`rename ${label}.${from} to ${to}`);
      return;
    }
    this.operations = operations;
    const { where, column } = value;
    this.close(
      (point) =>
        point.kind === "renameEnumValue" && keyOf(tableOf(point)) === keyOf(where) && point.column === column && point.from === from,
      tidyPoint({ kind: "renameEnumValue", schema: where.schema, table: where.name, column, from, to, evidence: [] }),
    );
  }

  drop(label: string, column: string): void {
    const renames = called(
      this.open.filter(({ kind }) => kind === "rename"),
      label,
      tableOf,
    ).filter((point) => point.from === column || point.to === column);
    const values = this.open.filter((point) => point.kind === "renameEnumValue" && placeOf(point) === label && point.from === column);
    const drops = called(
      this.operations.filter(({ kind }) => kind === "dropColumn"),
      label,
      (operation) => ("table" in operation ? tableOf(operation) : null),
    );
    const there = drops.some((operation) => operation.kind === "dropColumn" && operation.column.name === column);
    if (renames.length + values.length === 0 && !there) {
      this.unfit(`drop ${label}.${column}`);
      return;
    }
    this.close((point) => renames.includes(point) || values.includes(point));
  }

  dropTable(label: string): void {
    const closes = (point: Point) => point.kind === "renameTable" && (point.from === label || point.from?.endsWith(`.${label}`) === true);
    const drops = called(
      this.operations.filter((operation) => operation.kind === "dropTable"),
      label,
      tableOf,
    );
    if (!this.open.some(closes) && drops.length === 0) {
      this.unfit(`drop the table ${label}`);
      return;
    }
    this.close(closes);
  }

  set(field: "fill" | "using", label: string, sql: string): void {
    const fits = this.operations.filter(({ kind }) => kind === "alterColumn" || (kind === "addColumn" && field === "fill"));
    const found = calledColumn(fits, label, columnIn);
    if (found.length === 0) {
      this.unfit(`${field === "fill" ? "fill" : "convert"} ${label}`);
      return;
    }
    this.operations = this.operations.map((operation) => (found.includes(operation) ? { ...operation, [field]: sql } : operation));
    const places = found.flatMap((operation) => columnIn(operation) ?? []).map(columnLabel);
    if (field === "using") this.close((point) => point.kind === "using" && places.includes(placeOf(point)));
  }

  all(answer: "rename" | "drop"): void {
    const renames = this.open.filter(
      ({ kind }) => kind === "rename" || kind === "renameEnumValue" || kind === "renameTable" || kind === "renameView",
    );
    if (answer === "drop") {
      this.close((point) => renames.includes(point));
      return;
    }
    for (const point of renames) {
      const asked = this.open.find(({ id }) => id === point.id);
      if (asked?.from !== undefined && asked.to !== undefined) this.rename(placeOf(asked), asked.from, asked.to);
    }
  }

  /** Closes what matches; where nothing does, what was done is noted all the same. */
  private close(matches: (point: Point) => boolean, done?: Omit<Point, "id">): void {
    const closed = this.open.filter(matches);
    this.open = this.open.filter((point) => !closed.includes(point));
    this.resolved.push(...closed);
    if (closed.length === 0 && done !== undefined) this.resolved.push(...numbered([done], [...this.open, ...this.resolved]));
  }

  private unfit(wish: string): void {
    if (this.lenient) return;
    const points = this.open.map(describePoint);
    throw usage(
      "no-open-point",
      `There is nothing here to ${wish}.`,
      points.length === 0 ? "the revision has no open point" : `open: ${points.join(" · ")}`,
      { open: this.open },
    );
  }
}

const tidyPoint = (point: { readonly [K in keyof Omit<Point, "id">]: Point[K] | undefined }): Omit<Point, "id"> =>
  tidy<Omit<Point, "id">>(point as Omit<Point, "id">);

function nextCandidate(point: Point, operations: readonly Operation[]): readonly Point[] {
  const [to, ...others] = (point.alternatives ?? []).filter(
    (name) => columnPair(operations, tableOf(point), point.from ?? "", name) !== null,
  );
  if (to === undefined) return [];
  const { alternatives, ...rest } = point;
  return [{ ...rest, to, ...(others.length === 0 ? {} : { alternatives: others }) }];
}

const mirrored = (point: Point): Point => (point.kind === "using" ? point : tidy<Point>({ ...point, from: point.to, to: point.from }));

function mirroredAnswers({ renames, renameTables, drops, dropTables, all }: Answers): Answers {
  return tidy<Answers>({
    renames: renames?.map(({ from, to, ...rest }) => ({ ...rest, from: to, to: from })),
    renameTables: renameTables?.map(({ from, to }) => ({ from: to, to: from })),
    drops,
    dropTables,
    all,
  } as Answers);
}
