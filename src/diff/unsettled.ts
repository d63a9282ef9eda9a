import { indexExpressions } from "../core/index-parts.ts";
import type { AlterColumn, Operation } from "../core/operation.ts";
import type { Column, Index } from "../core/schema.ts";
import { equal, tidy } from "./equal.ts";

/** Two texts of SQL in one place that differ; whether they mean the same only a server can tell. */
export interface Doubt {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

export interface Settled {
  readonly operations: readonly Operation[];
  readonly doubts: readonly Doubt[];
}

/**
 * Takes out of a difference, made without a server, what differs in the text of an expression only: the one text may be the server's spelling
 * of the other. A literal is a literal.
 */
export function withoutUnsettled(operations: readonly Operation[]): Settled {
  const doubts: Doubt[] = [];
  const gone = new Set<Operation>();
  for (const [drop, add] of replacements(operations)) {
    const found = inParts(drop, add);
    if (found === null) continue;
    gone.add(drop).add(add);
    doubts.push(found);
  }
  const kept = operations.flatMap((operation): readonly Operation[] => {
    if (gone.has(operation)) return [];
    if (operation.kind === "alterView" && equal({ ...operation.from, definition: "" }, { ...operation.to, definition: "" })) {
      doubts.push({ what: `view ${operation.view}`, from: operation.from.definition, to: operation.to.definition });
      return [];
    }
    return operation.kind === "alterColumn" ? inColumn(operation, doubts) : [operation];
  });
  return { operations: doubts.length === 0 ? operations : kept, doubts };
}

const literal = /^\(?(?:-?\d+(?:\.\d+)?|'(?:[^']|'')*'(?:::[\w ()"]+)?|true|false|null)\)?$/i;
const unsure = (from: string | undefined, to: string | undefined): boolean =>
  from !== undefined && to !== undefined && from !== to && !(literal.test(from) && literal.test(to));

function inColumn(operation: AlterColumn, doubts: Doubt[]): readonly Operation[] {
  const { from, to } = operation;
  const what = `of ${operation.table}.${to.name}`;
  const doubt = (sort: string, a: string | undefined, b: string | undefined): boolean => {
    if (a === undefined || b === undefined || !unsure(a, b)) return false;
    doubts.push({ what: `${sort} ${what}`, from: a, to: b });
    return true;
  };
  const next = tidy<Column>({
    ...to,
    default: doubt("default", from.default, to.default) ? from.default : to.default,
    onUpdate: doubt("ON UPDATE", from.onUpdate, to.onUpdate) ? from.onUpdate : to.onUpdate,
    generated: doubt("expression", from.generated?.expression, to.generated?.expression) ? from.generated : to.generated,
  });
  return equal(from, next) ? [] : [{ ...operation, to: next }];
}

/** What goes and comes back under its name. */
function* replacements(operations: readonly Operation[]): Iterable<readonly [Operation, Operation]> {
  const dropped = new Map<string, Operation>();
  for (const operation of operations) {
    const name = nameOf(operation);
    if (name === null) continue;
    if (operation.kind.startsWith("drop")) dropped.set(name, operation);
    const drop = operation.kind.startsWith("add") ? dropped.get(name) : undefined;
    if (drop !== undefined) yield [drop, operation];
  }
}

function nameOf(operation: Operation): string | null {
  switch (operation.kind) {
    case "dropCheck":
    case "addCheck":
      return JSON.stringify(["check", operation.schema, operation.table, operation.check.name]);
    case "dropExclusion":
    case "addExclusion":
      return JSON.stringify(["exclusion", operation.schema, operation.table, operation.exclusion.name]);
    case "dropIndex":
    case "addIndex":
      return JSON.stringify(["index", operation.schema, operation.table, operation.index.name]);
    default:
      return null;
  }
}

function inParts(drop: Operation, add: Operation): Doubt | null {
  if (drop.kind === "dropCheck" && add.kind === "addCheck") {
    const [from, to] = [drop.check.expression, add.check.expression];
    return from === to ? null : { what: `check ${add.check.name} of ${add.table}`, from, to };
  }
  if (drop.kind === "dropExclusion" && add.kind === "addExclusion") {
    const [from, to] = [drop.exclusion, add.exclusion];
    if (from.expression === to.expression || !equal({ ...from, expression: "" }, { ...to, expression: "" })) return null;
    return { what: `exclusion ${to.name} of ${add.table}`, from: from.expression, to: to.expression };
  }
  if (drop.kind !== "dropIndex" || add.kind !== "addIndex") return null;
  const [from, to] = [drop.index, add.index];
  if (equal(from, to) || !equal(withoutTexts(from), withoutTexts(to))) return null;
  return { what: `index ${to.name} of ${add.table}`, from: textsOf(from), to: textsOf(to) };
}

/** What stands there as a text of SQL, as nothing but that. */
const withoutTexts = (index: Index): Index =>
  tidy<Index>({
    ...index,
    where: index.where === undefined ? undefined : "",
    columns: index.columns.map((part) => (typeof part === "string" || part.expression === undefined ? part : { ...part, expression: "" })),
  });

const textsOf = (index: Index): string =>
  [...indexExpressions(index), ...(index.where === undefined ? [] : [`WHERE ${index.where}`])].join(", ");
