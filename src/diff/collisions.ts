import type { Server } from "../core/db.ts";
import type { Rules } from "../core/rules.ts";
import { labelOf, type QualifiedName, type Schema } from "../core/schema.ts";

export interface Collision {
  readonly name: string;
  /** the objects that would share it: `table a_long_name`, `enum a_long_name` */
  readonly objects: readonly string[];
}

/**
 * Objects that the server would keep under one name, once names are as long as it keeps them: tables, views and, where they live beside
 * tables, enum types and indexes.
 */
export function collisions({ tables, views, enums }: Schema, rules: Rules): readonly Collision[] {
  const seen = new Map<string, string[]>();
  const add = (what: string, name: QualifiedName) => {
    const key = labelOf(name);
    const list = seen.get(key);
    if (list === undefined) seen.set(key, [what]);
    else list.push(what);
  };
  for (const table of tables) add("table", table);
  for (const view of views) add("view", view);
  if (rules.enumTypes) {
    for (const type of enums) add("enum", type);
    for (const owner of [...tables, ...views]) {
      const { schema } = owner;
      for (const { name } of owner.indexes) add(`index of ${owner.name}:`, schema === undefined ? { name } : { schema, name });
    }
  }
  return [...seen]
    .filter(([, kinds]) => kinds.length > 1)
    .map(([name, kinds]) => ({ name, objects: kinds.map((kind) => `${kind} ${name}`) }));
}

/** Tables and views that the server would keep under another name, and not be found again. */
export function folded({ tables, views }: Schema, { foldsNames }: Pick<Server, "foldsNames">): readonly string[] {
  return foldsNames ? [...tables, ...views].map(({ name }) => name).filter((name) => name !== name.toLowerCase()) : [];
}

/** Names that the server would refuse. Where it cuts them instead, they were cut before, and collisions are what is left to fear. */
export function tooLong({ tables, views }: Schema, { fitsIdentifier }: Rules): readonly { readonly what: string; readonly name: string }[] {
  const long = (what: string, things: readonly { readonly name: string }[]) =>
    things.filter(({ name }) => !fitsIdentifier(name)).map(({ name }) => ({ what, name }));
  return [
    ...long("Table or view", [...tables, ...views]),
    ...tables.flatMap((table) => [
      ...long(`Column ${table.name}.`, table.columns),
      ...[table.indexes, table.uniques, table.foreignKeys, table.checks].flatMap((parts) => long(`On ${table.name}, the name`, parts)),
    ]),
  ];
}
