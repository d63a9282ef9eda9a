import { indexColumns } from "../core/index-parts.ts";
import type { Column, ForeignKey, Table } from "../core/schema.ts";
import { keyOf } from "../core/schema.ts";
import { compare } from "./equal.ts";
import { baseOf, familyOf, hasFamily } from "./families.ts";
import { targetOf } from "./on.ts";
import { sameInAnotherStyle, similarity } from "./similarity.ts";

export interface Evidence {
  /** 0 to 1 */
  readonly confidence: number;
  readonly because: readonly string[];
}

export interface Place {
  readonly had: Table;
  readonly table: Table;
  /** the columns that go and those that come, but for the ones that are surely a pair */
  readonly old: readonly Column[];
  readonly fresh: readonly Column[];
  /** what the entities call the columns that come */
  readonly called?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Below this a pair is taken for two unrelated columns. */
const enough = 0.5;

/** What speaks for `from` having become `to`; null: nothing worth a question. */
export function judge({ had, table, old, fresh, called }: Place, from: Column, to: Column): Evidence | null {
  const restyled = sameInAnotherStyle(from.name, to.name);
  if (!compatible(from, to) || elsewhere(had, table, from, to)) return null;
  const because: string[] = [];
  let score = 0;
  const count = (weight: number, reason: string) => {
    score += weight;
    if (reason !== "") because.push(reason);
  };
  if (from.type === to.type) count(0.25, "same type");
  else count(baseOf(from.type) === baseOf(to.type) ? 0.22 : 0.15, `types of one sort (${from.type}, ${to.type})`);
  const property = called?.get(to.name)?.find((name) => sameInAnotherStyle(name, from.name));
  if (restyled) count(0.6, "same name in another style");
  else if (property !== undefined) count(0.6, `its property in the entity still says ${property}`);
  else {
    const likeness = similarity(from.name, to.name);
    count(likeness < 0.25 ? 0 : likeness * 0.45, likeness >= 0.4 ? "similar name" : "");
  }
  if (from.nullable === to.nullable) count(0.05, "");
  if (from.default === to.default) count(0.05, from.default === undefined ? "" : "same default");
  if (from.comment !== undefined && from.comment === to.comment) count(0.15, "same comment");
  if (samePlace(had, table, from, to)) count(0.1, "same position");
  const [goes, comes] = [onlyOfFamily(old, from), onlyOfFamily(fresh, to)];
  if (goes && comes) count(0.2, "the only column of its type that goes, and the only one that comes");
  else if (goes) count(0.15, "the only column of its type that goes");
  else if (comes) count(0.15, "the only column of its type that comes");
  const target = targetsOf(had, from)[0];
  if (target !== undefined && targetsOf(table, to).includes(target)) count(0.25, `same foreign key to ${target}`);
  const roles = rolesOf(had, from);
  if (roles.length > 0 && roles.join() === rolesOf(table, to).join()) count(0.1, `same ${roles.join(", ")}`);
  const confidence = Math.round(Math.min(0.99, score) * 100) / 100;
  return confidence < enough ? null : { confidence, because };
}

/** Values of one sort; a computed column has none. */
function compatible(from: Column, to: Column): boolean {
  if (from.generated !== undefined || to.generated !== undefined) return false;
  const [a, b] = [familyOf(from.type), familyOf(to.type)];
  // An enum of its own is often named after its column: such a type goes and comes with it.
  return (
    a === b || (ownType(from.type) && ownType(to.type)) || (sameInAnotherStyle(from.name, to.name) && numbers.has(a) && numbers.has(b))
  );
}

const numbers: ReadonlySet<string> = new Set(["integer", "decimal", "boolean"]);

/** A type that is not one of the families': an enum, or an extension's type. */
function ownType(type: string): boolean {
  return !hasFamily(type) && familyOf(type) === type.toLowerCase() && !builtIn.has(baseOf(type));
}

const builtIn: ReadonlySet<string> = new Set(
  "uuid inet cidr macaddr interval point line lseg box path polygon circle xml tsvector tsquery geometry geography hstore ltree".split(" "),
);

/** Both point somewhere, but not to the same table. */
function elsewhere(had: Table, table: Table, from: Column, to: Column): boolean {
  const [before, after] = [targetsOf(had, from), targetsOf(table, to)];
  return before.length > 0 && after.length > 0 && !before.some((target) => after.includes(target));
}

const over = (key: ForeignKey, column: Column): boolean => key.columns.includes(column.name);

const targetsOf = (table: Table, column: Column): readonly string[] =>
  table.foreignKeys
    .filter((key) => over(key, column))
    .map((key) => keyOf(targetOf(key)).replace("\u0000", "."))
    .sort(compare);

/** What keys and indexes a column is part of. */
function rolesOf(table: Table, { name }: Column): readonly string[] {
  const unique = [...table.uniques.map(({ columns }) => columns), ...table.indexes.filter((index) => index.unique).map(indexColumns)];
  return [
    ...(table.primaryKey?.columns.includes(name) ? ["primary key"] : []),
    ...(unique.some((columns) => columns.includes(name)) ? ["unique"] : []),
    ...(table.indexes.some((index) => !index.unique && indexColumns(index).includes(name)) ? ["index"] : []),
  ];
}

/** Between the same neighbours, or at the same number. */
function samePlace(had: Table, table: Table, from: Column, to: Column): boolean {
  const [a, b] = [had.columns.findIndex(({ name }) => name === from.name), table.columns.findIndex(({ name }) => name === to.name)];
  return a === b || (a > 0 && b > 0 && had.columns[a - 1]?.name === table.columns[b - 1]?.name);
}

function onlyOfFamily(columns: readonly Column[], column: Column): boolean {
  const sort = (type: string) => (ownType(type) ? "own" : familyOf(type));
  return columns.every((other) => other === column || sort(other.type) !== sort(column.type));
}
