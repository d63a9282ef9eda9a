import { indexColumns, indexExpressions } from "../core/index-parts.ts";
import type { OnTable, Operation } from "../core/operation.ts";
import type { Rules } from "../core/rules.ts";
import { type ForeignKey, keyOf, type QualifiedName, type Schema, type Table } from "../core/schema.ts";
import { checks, exclusions, foreignKeys, indexes, primaryKeys, type Sort, uniques } from "./constraints.ts";
import { Draft } from "./draft.ts";
import { compare, fingerprint, tidy } from "./equal.ts";
import { familyOf } from "./families.ts";
import { mentions, typeNameOf } from "./mentions.ts";
import { on, tableOf, targetOf } from "./on.ts";
import { indexed } from "./scope.ts";
import { splitViews, stageViews } from "./stage-views.ts";
import { type Touch, type Touched, type Touching, touch, touchedColumns } from "./touched.ts";

export type StageRules = Pick<
  Rules,
  "defaultRenamed" | "dependentsBlock" | "enumValuesInPlace" | "foreignKeysBlockRetype" | "foreignKeysNeedIndex"
>;

/**
 * One change that an engine would refuse, or that would take other things along, becomes several that it carries out:
 * what stands in the way goes before it and comes back after it, with all it had.
 */
export function stage(operations: readonly Operation[], from: Schema, wanted: Schema, rules: StageRules): readonly Operation[] {
  const touched = touchedColumns(operations, rules);
  const keysGone = operations.some(({ kind }) => kind === "dropPrimaryKey" || kind === "dropUnique" || kind === "dropIndex");
  const viewsGone = operations.some(({ kind }) => kind === "dropView" || kind === "alterView");
  if (touched.size === 0 && !keysGone && !viewsGone) return operations;

  const draft = new Draft(operations);
  const [before, after] = [indexed(from.tables), indexed(wanted.tables)];
  const both = [...touched.keys()].flatMap((key) => {
    const [had, table] = [before.get(key), after.get(key)];
    return had === undefined || table === undefined ? [] : [{ key, had, table }];
  });
  remakeReleased(draft, touched);
  if (rules.dependentsBlock) for (const { key, had, table } of both) remakeGenerated(draft, touched, key, had, table);
  for (const { key, had, table } of both) remakeDependents(draft, touched.get(key), had, table, swapped(operations, key, rules));
  const keys = droppedKeys(draft.operations());
  for (const had of before.values()) {
    const table = after.get(keyOf(had));
    if (table !== undefined && had.foreignKeys.length > 0) stageForeignKeys(draft, touched, had, table, { before, after, keys, rules });
  }
  if (rules.dependentsBlock) stageViews(draft, touched, from, wanted);
  else splitViews(draft, from, wanted);
  return draft.operations();
}

/** The columns of a table that get another sort of type, an enum's new type among them: expressions over them hold literals of the old one. */
function swapped(operations: readonly Operation[], key: string, { dependentsBlock }: StageRules): ReadonlySet<string> {
  const names = operations.flatMap((operation) => {
    if (operation.kind === "alterEnum") return operation.columns.filter((use) => keyOf(tableOf(use)) === key).map(({ column }) => column);
    if (operation.kind !== "alterColumn" || !dependentsBlock || keyOf(tableOf(operation)) !== key) return [];
    return familyOf(operation.from.type) === familyOf(operation.to.type) ? [] : [operation.to.name];
  });
  return new Set(names.map((name) => name.toLowerCase()));
}

/** A generated column keeps what it reads from being retyped: it goes and comes back, its values are computed. */
function remakeGenerated(draft: Draft, touched: Touching, key: string, had: Table, table: Table): void {
  const sources = new Map(touched.get(key));
  const later = new Map(table.columns.map((column) => [column.name, column]));
  for (const column of had.columns) {
    const to = later.get(column.name);
    if (column.generated === undefined || to === undefined) continue;
    const read = mentions(column.generated.expression, to.generated?.expression);
    if (![...sources].some(([name, how]) => how !== "dropped" && name !== column.name.toLowerCase() && read.has(name))) continue;
    draft.remove((operation) => operation.kind === "alterColumn" && operation.to.name === column.name && keyOf(tableOf(operation)) === key);
    draft.replace((operation) => withoutUse(operation, key, column.name));
    draft.push({ kind: "dropColumn", ...on(table), column });
    draft.push({ kind: "addColumn", ...on(table), column: to });
    touch(touched, key, column.name, "remade");
  }
}

/** A generated column's values are computed anew: it does not hold on to an old enum while waiting for what it will read. */
function remakeReleased(draft: Draft, touched: Touching): void {
  const enums = new Set(
    draft
      .operations()
      .flatMap((operation) =>
        operation.kind === "alterEnum" ? [keyOf(tidy<QualifiedName>({ schema: operation.schema, name: operation.name }))] : [],
      ),
  );
  for (const operation of draft.operations()) {
    if (operation.kind !== "alterColumn" || operation.to.generated === undefined || operation.from.type === operation.to.type) continue;
    if (!enums.has(keyOf(typeNameOf(operation.from.type)))) continue;
    touch(touched, keyOf(tableOf(operation)), operation.to.name, "remade");
    draft.remove((other) => other === operation);
    draft.replace((other) => withoutUse(other, keyOf(tableOf(operation)), operation.to.name));
    draft.push({ kind: "dropColumn", ...on(tableOf(operation)), column: operation.from });
    draft.push({ kind: "addColumn", ...on(tableOf(operation)), column: operation.to });
  }
}

/** A column that is made anew is not there while its enum changes. */
function withoutUse(operation: Operation, key: string, column: string): Operation {
  if (operation.kind !== "alterEnum") return operation;
  return { ...operation, columns: operation.columns.filter((use) => use.column !== column || keyOf(tableOf(use)) !== key) };
}

/** Keys, indexes and checks over columns that are made anew, and expressions over columns that get another sort of type. */
function remakeDependents(
  draft: Draft,
  columns: ReadonlyMap<string, Touch> | undefined,
  had: Table,
  table: Table,
  others: ReadonlySet<string>,
): void {
  const remade = (names: readonly string[]) => names.some((name) => columns?.get(name.toLowerCase()) === "remade");
  const reads = (...expressions: readonly (string | undefined)[]) => {
    const found = [...mentions(...expressions)];
    return remade(found) || found.some((name) => others.has(name) && columns?.get(name) === "retyped");
  };
  const again = <T extends { readonly name?: string }>(sort: Sort<T>, stands: (item: T) => boolean) => {
    for (const item of sort.of(had)) if (stands(item)) draft.recreate(sort, table, item);
  };
  again(primaryKeys, (item) => remade(item.columns));
  again(uniques, (item) => remade(item.columns));
  again(indexes, (item) => remade(indexColumns(item)) || reads(item.where, ...indexExpressions(item)));
  again(checks, (item) => reads(item.expression));
  again(exclusions, (item) => reads(item.expression));
}

interface Surroundings {
  readonly before: ReadonlyMap<string, Table>;
  readonly after: ReadonlyMap<string, Table>;
  readonly keys: DroppedKeys;
  readonly rules: StageRules;
}

function stageForeignKeys(draft: Draft, touched: Touched, had: Table, table: Table, { before, after, keys, rules }: Surroundings): void {
  for (const item of had.foreignKeys) {
    const target = keyOf(targetOf(item));
    const blocked =
      retyped(touched.get(keyOf(had)), item.columns, had, table, rules) ||
      retyped(touched.get(target), item.references.columns, before.get(target), after.get(target), rules) ||
      losesKey(keys.get(target) ?? [], item, after.get(target), rules);
    if (blocked) draft.recreate(foreignKeys, table, item);
  }
}

/** Between two sorts of types no foreign key can stand, on no engine. */
function retyped(
  columns: ReadonlyMap<string, Touch> | undefined,
  names: readonly string[],
  had: Table | undefined,
  table: Table | undefined,
  rules: StageRules,
): boolean {
  return names.some((name) => {
    const how = columns?.get(name.toLowerCase());
    if (how !== "retyped") return how === "remade";
    const typeIn = (place: Table | undefined) => place?.columns.find((column) => column.name === name)?.type ?? "";
    return rules.foreignKeysBlockRetype || familyOf(typeIn(had)) !== familyOf(typeIn(table));
  });
}

/** By table: the columns of the primary keys and uniques that it loses. */
type DroppedKeys = ReadonlyMap<string, readonly (readonly string[])[]>;

function droppedKeys(operations: readonly Operation[]): DroppedKeys {
  const keys = new Map<string, (readonly string[])[]>();
  const lost = (table: OnTable, columns: readonly string[]) =>
    keys.set(keyOf(tableOf(table)), [...(keys.get(keyOf(tableOf(table))) ?? []), columns]);
  for (const operation of operations) {
    if (operation.kind === "dropPrimaryKey") lost(operation, operation.primaryKey.columns);
    else if (operation.kind === "dropUnique") lost(operation, operation.unique.columns);
    else if (operation.kind === "dropIndex" && operation.index.unique) lost(operation, indexColumns(operation.index));
  }
  return keys;
}

/** The key that a foreign key points to is replaced. */
function losesKey(lost: readonly (readonly string[])[], { references }: ForeignKey, target: Table | undefined, rules: StageRules): boolean {
  const columns = fingerprint([...references.columns].sort(compare));
  const gone = lost.some((key) => fingerprint([...key].sort(compare)) === columns);
  if (!gone || target === undefined || !rules.foreignKeysNeedIndex) return gone;
  const leads = (names: readonly string[]) => references.columns.every((name, i) => names[i] === name);
  return !(leads(target.primaryKey?.columns ?? []) || target.indexes.some((index) => leads(indexColumns(index))));
}
