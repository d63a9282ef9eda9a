import type { Flavor, Operation } from "../operation.ts";
import { type EnumType, emptySchema, keyOf, type QualifiedName, type Schema, type Table, type View } from "../schema.ts";
import { nameOf } from "./change.ts";
import { apply } from "./index.ts";

/**
 * A schema on its way through a long history. Each operation is applied, as pure as ever, to what it is about and nothing else: so it costs
 * the same however much else there is.
 */
export class Builder {
  readonly #tables: Shelf<Table>;
  readonly #views: Shelf<View>;
  readonly #enums: Shelf<EnumType>;
  #rest: Pick<Schema, "namespaces" | "extensions" | "external">;

  constructor({ tables, views, enums, ...rest }: Schema = emptySchema) {
    this.#tables = new Shelf(tables, ({ foreignKeys }) => foreignKeys.map(({ references }) => keyOf(nameOf(references))));
    this.#views = new Shelf(views, ({ reads = [] }) => reads.map(keyOf));
    this.#enums = new Shelf(enums, () => []);
    this.#rest = rest;
  }

  schema(): Schema {
    return { ...this.#rest, tables: this.#tables.all(), views: this.#views.all(), enums: this.#enums.all() };
  }

  table(name: QualifiedName): Table | undefined {
    return this.#tables.named([keyOf(name)])[0];
  }

  view(name: QualifiedName): View | undefined {
    return this.#views.named([keyOf(name)])[0];
  }

  /** Loud when it does not fit, and then all is as it was. */
  apply(operation: Operation, flavor: Flavor): void {
    const concerned = concernedBy(operation, (key) => [...this.#tables.leadingTo(key), ...this.#views.leadingTo(key)]);
    if (concerned === null) {
      this.change((schema) => apply(schema, operation, flavor));
      return;
    }
    const keys = [...new Set(concerned)];
    const part = { ...this.#rest, tables: this.#tables.named(keys), views: this.#views.named(keys), enums: this.#enums.named(keys) };
    const { tables, views, enums, ...rest } = apply(part, operation, flavor);
    this.#tables.put(keys, tables);
    this.#views.put(keys, views);
    this.#enums.put(keys, enums);
    this.#rest = rest;
  }

  change(change: (schema: Schema) => Schema): void {
    const { tables, views, enums, ...rest } = change(this.schema());
    this.#tables.replace(tables);
    this.#views.replace(views);
    this.#enums.replace(enums);
    this.#rest = rest;
  }

  /** The schema with only those tables, views and enums that have come or changed since this was last asked. */
  news(): Schema {
    return { ...this.#rest, tables: this.#tables.news(), views: this.#views.news(), enums: this.#enums.news() };
  }
}

/** The keys of the tables, views and enums that an operation reads or changes; null where it looks through all of them. */
function concernedBy(operation: Operation, leadingTo: (key: string) => readonly string[]): readonly string[] | null {
  switch (operation.kind) {
    case "createSchema":
    case "dropSchema":
    case "createExtension":
    case "dropExtension":
    case "execute":
    case "run":
      return [];
    case "renameTable":
    case "moveTable":
    case "renameEnum":
    case "renameEnumValue":
    case "renameView":
      return null;
    case "createEnum":
    case "dropEnum":
    case "createView":
    case "dropView":
      return [keyOf(operation.definition)];
    case "alterView":
      return [keyOf(operation.from)];
    case "alterEnum":
      return [operation, ...operation.columns.map(nameOf)].map(keyOf);
    case "on":
    case "assume": {
      const names = operation.operations.map((one) => concernedBy(one, leadingTo));
      return names.some((one) => one === null) ? null : names.flatMap((one) => one ?? []);
    }
    case "renameColumn":
      return [keyOf(nameOf(operation)), ...leadingTo(keyOf(nameOf(operation)))];
    default:
      return [keyOf(nameOf(operation))];
  }
}

/** Things of one sort by their names, in the order in which they came. */
class Shelf<T extends QualifiedName> {
  readonly #things = new Map<string, T>();
  readonly #targets: (one: T) => readonly string[];
  /** by what they lead to; some may do so no more */
  readonly #leading = new Map<string, Set<string>>();
  #all: readonly T[] | null = null;
  #news = new Map<string, T>();

  constructor(things: readonly T[], targets: (one: T) => readonly string[]) {
    this.#targets = targets;
    this.replace(things);
  }

  all(): readonly T[] {
    this.#all ??= [...this.#things.values()];
    return this.#all;
  }

  named(keys: readonly string[]): readonly T[] {
    return keys.flatMap((key) => this.#things.get(key) ?? []);
  }

  /** Those whose foreign keys or text may speak of it. */
  leadingTo(key: string): Iterable<string> {
    return this.#leading.get(key) ?? [];
  }

  /** These stand where the ones with the keys stood. */
  put(keys: readonly string[], things: readonly T[]): void {
    const now = new Map(things.map((one) => [keyOf(one), one]));
    for (const key of keys) if (!now.has(key) && this.#things.delete(key)) this.#gone(key);
    for (const [key, one] of now) this.#set(key, one);
  }

  replace(things: readonly T[]): void {
    if (things === this.#all) return;
    const now = new Map(things.map((one) => [keyOf(one), one]));
    for (const [key] of this.#things) if (!now.has(key)) this.#gone(key);
    for (const [key, one] of now) if (this.#things.get(key) !== one) this.#came(key, one);
    this.#things.clear();
    for (const [key, one] of now) this.#things.set(key, one);
    this.#all = things;
  }

  news(): readonly T[] {
    const news = [...this.#news.values()];
    this.#news = new Map();
    return news;
  }

  #set(key: string, one: T): void {
    if (this.#things.get(key) === one) return;
    this.#things.set(key, one);
    this.#came(key, one);
    this.#all = null;
  }

  #came(key: string, one: T): void {
    this.#news.set(key, one);
    for (const target of this.#targets(one)) {
      const leading = this.#leading.get(target);
      if (leading === undefined) this.#leading.set(target, new Set([key]));
      else leading.add(key);
    }
  }

  #gone(key: string): void {
    this.#news.delete(key);
    this.#all = null;
  }
}
