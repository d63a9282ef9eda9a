import { integrity, type LimbeckError } from "../errors.ts";
import type { OnTable } from "../operation.ts";
import { type ForeignKey, keyOf, labelOf, type QualifiedName, type Schema, type Table, type View, type ViewRead } from "../schema.ts";

/** Changes of a schema in memory: exact and loud. What is added must not be there, what goes must be. */
export function there(what: string, where: string): LimbeckError {
  return integrity("already-there", `${what} is there already${where}.`, "the revisions do not fit together: limbeck history", { what });
}
export function missing(what: string, where: string): LimbeckError {
  return integrity("not-there", `${what} is not there${where}.`, "the revisions do not fit together: limbeck history", { what });
}

export function nameOf({ schema, table }: OnTable): QualifiedName {
  return schema === undefined ? { name: table } : { schema, name: table };
}

export function isNamed(name: QualifiedName): (other: QualifiedName) => boolean {
  return (other) => other.name === name.name && other.schema === name.schema;
}

export function added<T extends QualifiedName>(list: readonly T[], one: T, kind: string): readonly T[] {
  if (list.some(isNamed(one))) throw there(`${kind} ${labelOf(one)}`, "");
  return [...list, one];
}

export function removed<T extends QualifiedName>(list: readonly T[], name: QualifiedName, kind: string): readonly T[] {
  const rest = list.filter((one) => keyOf(one) !== keyOf(name));
  if (rest.length === list.length) throw missing(`${kind} ${labelOf(name)}`, "");
  return rest;
}

export function replaced<T extends QualifiedName>(
  list: readonly T[],
  name: QualifiedName,
  kind: string,
  change: (one: T) => T,
): readonly T[] {
  let found = false;
  const next = list.map((one) => {
    if (!isNamed(name)(one)) return one;
    found = true;
    return change(one);
  });
  if (!found) throw missing(`${kind} ${labelOf(name)}`, "");
  return next;
}

export function withTable(schema: Schema, ref: OnTable, change: (table: Table) => Table): Schema {
  return { ...schema, tables: replaced(schema.tables, nameOf(ref), "table", change) };
}

export function pointsTo({ references }: ForeignKey, { schema, name }: QualifiedName): boolean {
  return references.table === name && references.schema === schema;
}

/** The table with its foreign keys to the other one changed; itself where it has none. */
export function following(table: Table, to: QualifiedName, change: (key: ForeignKey) => ForeignKey): Table {
  if (!table.foreignKeys.some((key) => pointsTo(key, to))) return table;
  return { ...table, foreignKeys: table.foreignKeys.map(change) };
}

export function withReads(view: View, change: (read: ViewRead) => ViewRead): View {
  return view.reads === undefined ? view : { ...view, reads: view.reads.map(change) };
}

/** A part of a table: a column, an index, a constraint. */
interface Part {
  readonly name: string;
}

export function withPart<T extends Part>(parts: readonly T[], part: T, what: string, ref: OnTable): readonly T[] {
  if (parts.some(({ name }) => name === part.name)) throw there(`${what} ${part.name}`, ` on ${labelOf(nameOf(ref))}`);
  return [...parts, part];
}

export function withoutPart<T extends Part>(parts: readonly T[], name: string, what: string, ref: OnTable): readonly T[] {
  const rest = parts.filter((part) => part.name !== name);
  if (rest.length === parts.length) throw missing(`${what} ${name}`, ` on ${labelOf(nameOf(ref))}`);
  return rest;
}

export function changedPart<T extends Part>(
  parts: readonly T[],
  name: string,
  what: string,
  ref: OnTable,
  change: (part: T) => T,
): readonly T[] {
  if (!parts.some((part) => part.name === name)) throw missing(`${what} ${name}`, ` on ${labelOf(nameOf(ref))}`);
  return parts.map((part) => (part.name === name ? change(part) : part));
}

/** Without a key; a record says nothing about what is not there. */
export function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value;
  return rest;
}
