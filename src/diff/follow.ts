import type { AlterColumn, OnTable, Operation } from "../core/operation.ts";
import { type ForeignKey, type Index, keyOf, type QualifiedName, type Table } from "../core/schema.ts";
import { remakes, retypes } from "./columns.ts";
import { checks, exclusions, foreignKeys, indexes, primaryKeys, type Sort, uniques } from "./constraints.ts";
import { effectsOf } from "./effects.ts";
import { tidy } from "./equal.ts";
import { on, tableOf, targetOf } from "./on.ts";
import { structureOf } from "./pair.ts";

/** A table under another name, or with columns under other names. */
export interface Renaming {
  readonly table: QualifiedName;
  readonly to: QualifiedName;
  readonly columns: ReadonlyMap<string, string>;
}

interface Part {
  readonly name?: string;
}
interface Kind<T extends Part> {
  readonly sort: Sort<T>;
  /** the part of an operation that drops or adds one */
  dropped(operation: Operation): T | undefined;
  added(operation: Operation): T | undefined;
  moved(item: T, table: QualifiedName, renaming: Renaming): T;
}

const columnsMoved = <T extends { readonly columns: readonly string[] }>(item: T, table: QualifiedName, renaming: Renaming): T =>
  isOf(table, renaming) ? { ...item, columns: named(item.columns, renaming) } : item;
/** Expressions are texts: the names in them are the server's to change, so one that reads a renamed column goes and comes back. */
const unmoved = <T>(item: T): T => item;

const kinds: readonly Kind<never>[] = [
  {
    sort: primaryKeys,
    dropped: (operation) => (operation.kind === "dropPrimaryKey" ? operation.primaryKey : undefined),
    added: (operation) => (operation.kind === "addPrimaryKey" ? operation.primaryKey : undefined),
    moved: columnsMoved,
  } satisfies Kind<NonNullable<Table["primaryKey"]>>,
  {
    sort: uniques,
    dropped: (operation) => (operation.kind === "dropUnique" ? operation.unique : undefined),
    added: (operation) => (operation.kind === "addUnique" ? operation.unique : undefined),
    moved: columnsMoved,
  } satisfies Kind<Table["uniques"][number]>,
  {
    sort: indexes,
    dropped: (operation) => (operation.kind === "dropIndex" ? operation.index : undefined),
    added: (operation) => (operation.kind === "addIndex" ? operation.index : undefined),
    moved: indexMoved,
  } satisfies Kind<Index>,
  {
    sort: foreignKeys,
    dropped: (operation) => (operation.kind === "dropForeignKey" ? operation.foreignKey : undefined),
    added: (operation) => (operation.kind === "addForeignKey" ? operation.foreignKey : undefined),
    moved: foreignKeyMoved,
  } satisfies Kind<ForeignKey>,
  {
    sort: checks,
    dropped: (operation) => (operation.kind === "dropCheck" ? operation.check : undefined),
    added: (operation) => (operation.kind === "addCheck" ? operation.check : undefined),
    moved: unmoved,
  } satisfies Kind<Table["checks"][number]>,
  {
    sort: exclusions,
    dropped: (operation) => (operation.kind === "dropExclusion" ? operation.exclusion : undefined),
    added: (operation) => (operation.kind === "addExclusion" ? operation.exclusion : undefined),
    moved: unmoved,
  } satisfies Kind<Table["exclusions"][number]>,
] as unknown as readonly Kind<never>[];

/** What goes and comes back only because of the renaming stays, under its new name. */
export function follow(operations: readonly Operation[], renaming: Renaming): readonly Operation[] {
  return kinds.reduce((list, kind) => followKind(list, kind, renaming), operations);
}

function followKind<T extends Part>(operations: readonly Operation[], kind: Kind<T>, renaming: Renaming): readonly Operation[] {
  const gone = new Set<Operation>();
  const instead = new Map<Operation, readonly Operation[]>();
  for (const drop of operations) {
    const item = kind.dropped(drop);
    if (item === undefined) continue;
    const table = tableOf(drop as Operation & OnTable);
    const moved = kind.moved(item, table, renaming);
    const place = isOf(table, renaming) ? renaming.to : table;
    const add = operations.find((other) => {
      const found = gone.has(other) ? undefined : kind.added(other);
      if (found === undefined || keyOf(tableOf(other as Operation & OnTable)) !== keyOf(place)) return false;
      return structureOf(found) === structureOf(moved);
    });
    const to = add === undefined ? undefined : kind.added(add);
    if (add === undefined || to === undefined) continue;
    if (unaffected(item, moved, table, place) || stagedFor(operations, add) || losesColumn(operations, drop)) continue;
    gone.add(drop).add(add);
    instead.set(drop, kind.sort.rename(on(place), tidy<T>({ ...to, name: item.name }), to));
  }
  return operations.flatMap((operation) => instead.get(operation) ?? (gone.has(operation) ? [] : [operation]));
}

/** What goes and comes back for another reason than the renaming goes and comes back still. */
const unaffected = (item: Part, moved: Part, table: QualifiedName, place: QualifiedName): boolean =>
  keyOf(table) === keyOf(place) && structureOf(item) === structureOf(moved);

/** A foreign key that makes way for new types. */
function stagedFor(operations: readonly Operation[], add: Operation): boolean {
  if (add.kind !== "addForeignKey") return false;
  const { columns, references } = add.foreignKey;
  const ends = [
    [keyOf(tableOf(add)), columns],
    [keyOf(targetOf(add.foreignKey)), references.columns],
  ] as const;
  return operations
    .filter((operation): operation is AlterColumn => operation.kind === "alterColumn" && retypes(operation))
    .some((alter) => ends.some(([table, names]) => table === keyOf(tableOf(alter)) && names.includes(alter.to.name)));
}

/** What stands on a column that is made anew goes and comes back with it. */
function losesColumn(operations: readonly Operation[], drop: Operation): boolean {
  const stands = new Set(effectsOf(drop).releases);
  return operations.some((operation) => {
    const anew = operation.kind === "dropColumn" || (operation.kind === "alterColumn" && remakes(operation));
    if (!anew) return false;
    const { destroys, alters } = effectsOf(operation);
    return [...destroys, ...alters].some((column) => stands.has(column));
  });
}

const isOf = (table: QualifiedName, renaming: Renaming): boolean => keyOf(table) === keyOf(renaming.table);
const named = (names: readonly string[], { columns }: Renaming): readonly string[] => names.map((name) => columns.get(name) ?? name);

function indexMoved(index: Index, table: QualifiedName, renaming: Renaming): Index {
  const columns = isOf(table, renaming) ? renaming.columns : new Map<string, string>();
  return tidy<Index>({
    ...index,
    columns: index.columns.map((part) =>
      typeof part === "string"
        ? (columns.get(part) ?? part)
        : tidy<Exclude<typeof part, string>>({
            ...part,
            column: part.column === undefined ? undefined : (columns.get(part.column) ?? part.column),
          }),
    ),
    include: index.include?.map((name) => columns.get(name) ?? name),
  });
}

function foreignKeyMoved(key: ForeignKey, table: QualifiedName, renaming: Renaming): ForeignKey {
  const own = columnsMoved(key, table, renaming);
  if (!isOf(targetOf(key), renaming)) return own;
  return { ...own, references: { ...on(renaming.to), columns: named(key.references.columns, renaming) } };
}

export { foreignKeyMoved };

/** Without the operations that drop or add these parts of a table. */
export function withoutParts(operations: readonly Operation[], table: QualifiedName, names: ReadonlySet<string>): readonly Operation[] {
  if (names.size === 0) return operations;
  return operations.filter((operation) => {
    const item = partOf(operation);
    return item?.name === undefined || !names.has(item.name) || keyOf(tableOf(operation as Operation & OnTable)) !== keyOf(table);
  });
}

function partOf(operation: Operation): Part | undefined {
  for (const { dropped, added } of kinds) {
    const item: Part | undefined = dropped(operation) ?? added(operation);
    if (item !== undefined) return item;
  }
  return undefined;
}
