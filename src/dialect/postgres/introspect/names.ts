import { keyOf, type QualifiedName } from "../../../core/schema.ts";

export type Cell = string | null | undefined;
export type NameOf = (schema: Cell, name: Cell) => QualifiedName;

/** Names without the default schema's. */
export function namer(defaultSchema: string): NameOf {
  return (schema, name) => (schema === defaultSchema || schema == null ? { name: name ?? "" } : { schema, name: name ?? "" });
}

/** What belongs to a table, found by its name. */
export class ByTable<T> {
  readonly #lists = new Map<string, T[]>();

  add(table: QualifiedName, one: T): void {
    const list = this.#lists.get(keyOf(table));
    if (list === undefined) this.#lists.set(keyOf(table), [one]);
    else list.push(one);
  }

  of(table: QualifiedName): readonly T[] {
    return this.#lists.get(keyOf(table)) ?? [];
  }
}

/** A JSON list of names. */
export function list(text: Cell): readonly string[] {
  return text == null ? [] : (JSON.parse(text) as string[]);
}
