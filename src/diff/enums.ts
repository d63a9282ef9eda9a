import type { AlterEnum, EnumUse, Operation } from "../core/operation.ts";
import type { Rules } from "../core/rules.ts";
import { type Column, type EnumType, keyOf, type QualifiedName, type Schema } from "../core/schema.ts";
import { byName, compare, equal, tidy } from "./equal.ts";
import { dimensionsOf, elementType, typeNameOf } from "./mentions.ts";
import { on } from "./on.ts";
import { indexed } from "./scope.ts";

export interface EnumChanges {
  readonly operations: readonly Operation[];
  /** the database with its enums renamed: what the other differences start from */
  readonly from: Schema;
  readonly alteredEnums: ReadonlySet<string>;
}

export function enumChanges(from: Schema, wanted: Schema, rules: Rules): EnumChanges {
  if (!rules.enumTypes || equal(from.enums, wanted.enums)) return { operations: [], from, alteredEnums: new Set() };
  const renames = renamesOf(from, wanted);
  const base = renames.length === 0 ? from : withEnumsRenamed(from, renames, rules);
  const [before, after] = [indexed(base.enums), indexed(wanted.enums)];
  const sorted = [...wanted.enums].sort((a, b) => compare(keyOf(a), keyOf(b)));
  const altered = sorted.flatMap((type) => {
    const had = before.get(keyOf(type));
    return had === undefined || equal(had.values, type.values) ? [] : [alteration(had, type, base, wanted)];
  });
  return {
    operations: [
      ...renames.map(([had, type]) => tidy<Operation>({ kind: "renameEnum", schema: had.schema, from: had.name, to: type.name } as const)),
      ...sorted.filter((type) => !before.has(keyOf(type))).map((definition): Operation => ({ kind: "createEnum", definition })),
      ...altered,
      ...[...base.enums]
        .filter((type) => !after.has(keyOf(type)))
        .sort(byName)
        .map((definition): Operation => ({ kind: "dropEnum", definition })),
    ],
    from: base,
    alteredEnums: new Set(altered.map(({ schema, name }) => keyOf(tidy({ schema, name })))),
  };
}

/** All columns that have the type before and after, with their defaults. */
function alteration(had: EnumType, type: EnumType, from: Schema, wanted: Schema): AlterEnum {
  const before = indexed(from.tables);
  const key = keyOf(type);
  const columns = wanted.tables.flatMap((table): EnumUse[] => {
    const old = new Map(before.get(keyOf(table))?.columns.map((column) => [column.name, column]));
    return table.columns.flatMap((column) => {
      const found = old.get(column.name);
      if (found === undefined || keyOf(typeNameOf(column.type)) !== key || keyOf(typeNameOf(found.type)) !== key) return [];
      return [useOf(table, found, column)];
    });
  });
  return {
    kind: "alterEnum",
    ...(type.schema === undefined ? {} : { schema: type.schema }),
    name: type.name,
    from: had.values,
    to: type.values,
    columns: columns.sort(byPlace),
  };
}

/** How a column goes through a change of its enum's values. */
export function useOf(table: QualifiedName, from: Column, to: Column): EnumUse {
  const fallback = carriesDefault(from, to) ? to.default : from.default;
  const changes = from.default !== undefined || fallback !== undefined;
  return {
    ...on(table),
    column: to.name,
    ...(dimensionsOf(from.type) === "" ? {} : { array: true as const }),
    ...(changes ? { default: tidy<{ from?: string; to?: string }>({ from: from.default, to: fallback }) } : {}),
  };
}

export const byPlace = (a: EnumUse, b: EnumUse): number =>
  compare(`${a.schema ?? ""}\u0000${a.table}\u0000${a.column}`, `${b.schema ?? ""}\u0000${b.table}\u0000${b.column}`);

/** The change of an enum sets its columns' new defaults, too; a column that changes its type besides does so itself. */
export const carriesDefault = (had: Column, column: Column): boolean =>
  had.type === column.type && had.generated === undefined && column.generated === undefined;

type Rename = readonly [had: EnumType, type: EnumType];

/** A type that goes and one that comes are the same type when every column of the one has moved to the other. */
function renamesOf(from: Schema, wanted: Schema): readonly Rename[] {
  const [old, fresh] = [indexed(from.enums), indexed(wanted.enums)];
  const after = indexed(wanted.tables);
  const moves = new Map<string, Set<string>>();
  const origins = new Map<string, Set<string>>();
  for (const table of from.tables) {
    const columns = new Map(after.get(keyOf(table))?.columns.map((column) => [column.name, column.type]));
    for (const { name, type } of table.columns) {
      const to = columns.get(name);
      if (to === undefined) continue;
      note(moves, keyOf(typeNameOf(type)), dimensionsOf(type) === dimensionsOf(to) ? keyOf(typeNameOf(to)) : "");
      note(origins, keyOf(typeNameOf(to)), keyOf(typeNameOf(type)));
    }
  }
  return [...old].flatMap(([key, had]): Rename[] => {
    const [target, ...others] = moves.get(key) ?? [];
    const type = target === undefined ? undefined : fresh.get(target);
    if (type === undefined || target === undefined || others.length > 0 || fresh.has(key) || old.has(target)) return [];
    return origins.get(target)?.size === 1 && had.schema === type.schema ? [[had, type]] : [];
  });
}

function note(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}

function withEnumsRenamed(schema: Schema, renames: readonly Rename[], rules: Rules): Schema {
  const names = new Map(renames.map(([had, type]) => [keyOf(had), type]));
  return {
    ...schema,
    enums: schema.enums.map((type) => {
      const to = names.get(keyOf(type));
      return to === undefined ? type : { ...type, name: to.name };
    }),
    tables: schema.tables.map((table) => {
      if (!table.columns.some(({ type }) => names.has(keyOf(typeNameOf(type))))) return table;
      const columns = table.columns.map((column) => {
        const to = names.get(keyOf(typeNameOf(column.type)));
        return to === undefined ? column : { ...column, type: column.type.replace(elementType(column.type), () => rules.typeName(to)) };
      });
      return { ...table, columns };
    }),
  };
}
