import { LimbeckError } from "../core/errors.ts";
import type { AddColumn, AlterColumn, AlterEnum, Flavor, OnTable, Operation } from "../core/operation.ts";
import { apply, fold } from "../core/operations/index.ts";
import type { Rules } from "../core/rules.ts";
import { keyOf, type QualifiedName, type Schema, type Table } from "../core/schema.ts";
import { diff } from "./diff.ts";

export interface Squashed {
  readonly operations: readonly Operation[];
  /** afterwards */
  readonly schema: Schema;
}

interface Engine {
  readonly rules: Rules;
  readonly flavor: Flavor;
}

/**
 * Fewer operations that do the same, to the schema and to every row: add and alter become one add, create and drop become nothing. What
 * works on rows, or turns values into others, stays where it is and as it is, and what comes before it is not mixed with what comes after.
 */
export function squashed(start: Schema, operations: readonly Operation[], engine: Engine): Squashed {
  const out: Operation[] = [];
  let base = start;
  let now = start;
  let waiting: Operation[] = [];
  const flush = () => {
    if (waiting.length > 0) out.push(...together(base, now, waiting, engine));
    base = now;
    waiting = [];
  };
  for (const [i, operation] of operations.entries()) {
    const next = applied(now, operation, engine.flavor);
    // what no revision has made goes where a database has it, and changes nothing in a replay
    const elsewhere = next === now && "ifExists" in operation;
    if (next === null || elsewhere || (mustStand(operation, base) && !isGoneSoon(operation, operations.slice(i + 1)))) {
      flush();
      out.push(operation);
      now = next ?? now;
      base = now;
    } else {
      now = next;
      waiting.push(operation);
    }
  }
  flush();
  return { operations: out, schema: now };
}

/** Null where it stands on something that raw SQL has made: nobody knows what it does there. */
function applied(schema: Schema, operation: Operation, flavor: Flavor): Schema | null {
  try {
    return apply(schema, operation, flavor);
  } catch (error) {
    if (error instanceof LimbeckError) return null;
    throw error;
  }
}

/** What leads from the one schema to the other at once, if that is less and leads there. */
function together(from: Schema, to: Schema, operations: readonly Operation[], { rules, flavor }: Engine): readonly Operation[] {
  const direct = diff(from, to, { rules, known: from, names: true }).operations;
  if (direct.length > operations.length) return operations;
  try {
    const reached = fold(from, direct, flavor);
    return diff(reached, to, { rules, known: reached, names: true }).operations.length === 0 ? direct : operations;
  } catch (error) {
    if (error instanceof LimbeckError) return operations;
    throw error;
  }
}

/** Whether rows that stand in the tables of `base` would become others if it were put together with what is around it. */
function mustStand(operation: Operation, base: Schema): boolean {
  switch (operation.kind) {
    case "renameTable":
      return tableOf(base, operation.from, operation.schema) !== undefined;
    case "moveTable":
      return tableOf(base, operation.table, operation.from) !== undefined;
    case "renameView":
      return has(base.views, operation.from, operation.schema);
    case "renameEnum":
      return has(base.enums, operation.from, operation.schema);
    case "renameEnumValue":
      return has(base.enums, operation.name, operation.schema);
    case "alterEnum":
      return has(base.enums, operation.name, operation.schema) && losesValues(operation);
    case "createTable":
      // there was another one of this name, whose rows are gone
      return tableOf(base, operation.table, operation.schema) !== undefined;
    // it stands already, made by code that the history cannot look into
    case "assume":
      return true;
    case "createEnum":
      return has(base.enums, operation.definition.name, operation.definition.schema);
    case "renameColumn":
    case "renameIndex":
    case "renameConstraint":
      return standing(base, operation) !== undefined;
    case "addColumn":
      return addsAnew(operation, standing(base, operation));
    case "alterColumn":
      return changesValues(operation, standing(base, operation));
    default:
      return isDataStep(operation);
  }
}

/** Its table goes before any step looks at the rows: it does not matter what they become. */
function isGoneSoon(operation: Operation, later: readonly Operation[]): boolean {
  if (!("table" in operation) || operation.kind === "moveTable" || isDataStep(operation) || operation.kind === "createTable") return false;
  let name = operation.table;
  for (const one of later) {
    if (isDataStep(one)) return false;
    if (one.kind === "renameTable" && one.from === name && one.schema === operation.schema) name = one.to;
    if (one.kind === "dropTable" && one.table === name && one.schema === operation.schema) return true;
  }
  return false;
}

const isDataStep = ({ kind }: Operation): boolean => kind === "execute" || kind === "backfill" || kind === "run" || kind === "on";

const losesValues = ({ from, to, replace }: AlterEnum): boolean => replace !== undefined || from.some((value) => !to.includes(value));

const addsAnew = ({ column, fill }: AddColumn, table: Table | undefined): boolean =>
  table !== undefined && (fill !== undefined || table.columns.some(({ name }) => name === column.name));

/** Of a table with rows. A column that came with this stretch has its default in every row: it may change as long as that is the same. */
function changesValues({ from, to, using, fill }: AlterColumn, table: Table | undefined): boolean {
  if (table === undefined) return false;
  if (using !== undefined || fill !== undefined || from.generated !== undefined || to.generated !== undefined) return true;
  const old = table.columns.some(({ name }) => name === to.name);
  return old ? from.type !== to.type : from.default !== to.default;
}

const named = (name: string, schema: string | undefined): QualifiedName => (schema === undefined ? { name } : { schema, name });

function has(items: readonly QualifiedName[], name: string, schema: string | undefined): boolean {
  return items.some((item) => keyOf(item) === keyOf(named(name, schema)));
}

function tableOf(schema: Schema, name: string, namespace: string | undefined): Table | undefined {
  return schema.tables.find((table) => keyOf(table) === keyOf(named(name, namespace)));
}

const standing = (base: Schema, { schema, table }: OnTable): Table | undefined => tableOf(base, table, schema);
