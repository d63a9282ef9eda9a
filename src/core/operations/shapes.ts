import { boolean, choice, type Form, list, name, number, plain, record, sqlText, text, truth } from "../form.ts";
import type { EnumUse, OnTable, TableOptions } from "../operation.ts";
import type {
  Action,
  Check,
  Column,
  EnumType,
  Exclusion,
  ForeignKey,
  Generated,
  Identity,
  Index,
  IndexColumn,
  IndexPart,
  PrimaryKey,
  QualifiedName,
  Reference,
  Table,
  Unique,
  View,
  ViewRead,
} from "../schema.ts";

/** How the parts of a schema stand in a revision file. */
export const names = list(name);
const deferrable = choice("immediate", "deferred");

export const generated = record<Generated>({ expression: sqlText, stored: boolean }, {});
export const identity = record<Identity>({ always: boolean }, { options: text });

/** Every attribute of a column but its name. */
export const attributes = {
  type: text,
  nullable: truth,
  default: sqlText,
  generated,
  identity,
  autoIncrement: truth,
  sequence: text,
  onUpdate: sqlText,
  charset: text,
  collation: text,
  comment: text,
} satisfies { [K in Exclude<keyof Column, "name">]-?: Form<NonNullable<Column[K]>> };

const { type, ...optionalAttributes } = attributes;
export const column = record<Column>({ name, type }, optionalAttributes);

export const primaryKey = record<PrimaryKey>({ columns: names }, { name });
export const unique = record<Unique>({ name, columns: names }, { deferrable, nullsNotDistinct: truth });

const indexPart = record<IndexPart>(
  {},
  {
    column: name,
    expression: sqlText,
    order: choice("desc"),
    nulls: choice("first", "last"),
    collation: text,
    opclass: text,
    prefix: number,
  },
);
const indexColumn: Form<IndexColumn> = {
  read: (value, where) => (typeof value === "string" ? name.read(value, where) : indexPart.read(value, where)),
  print: (value) => (typeof value === "string" ? value : indexPart.print(value)),
};
export const index = record<Index>(
  { name, columns: list(indexColumn) },
  {
    unique: truth,
    kind: choice("fulltext", "spatial"),
    method: text,
    where: sqlText,
    include: names,
    nullsNotDistinct: truth,
    parser: text,
    options: text,
    comment: text,
  },
);

const action = choice<Action>("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT");
const references = record<Reference>({ table: name, columns: names }, { schema: name });
export const foreignKey = record<ForeignKey>(
  { name, columns: names, references },
  { onDelete: action, onUpdate: action, deferrable, match: choice("full") },
);
export const check = record<Check>({ name, expression: sqlText }, {});
export const exclusion = record<Exclusion>({ name, expression: sqlText }, { deferrable });

export const tableOptions = { comment: text, engine: text, charset: text, collation: text } satisfies {
  [K in keyof TableOptions]-?: Form<string>;
};
/** The name stands before it. */
export const tableBody = record<Omit<Table, "name" | "schema">, "uniques" | "indexes" | "foreignKeys" | "checks" | "exclusions">(
  { columns: list(column) },
  { primaryKey, ...tableOptions, external: names, adopted: names },
  { uniques: list(unique), indexes: list(index), foreignKeys: list(foreignKey), checks: list(check), exclusions: list(exclusion) },
);

const viewRead = record<ViewRead>({ name }, { schema: name, columns: names });
export const viewBody = record<Omit<View, "name" | "schema">, "indexes">(
  { definition: sqlText },
  { materialized: truth, comment: text, adopted: names, reads: list(viewRead) },
  { indexes: list(index) },
);

export const enumValues = list(text);
export const enumOptions = record<Pick<EnumType, "comment">>({}, { comment: text });
export const enumUse = record<EnumUse>(
  { table: name, column: name },
  {
    schema: name,
    array: truth,
    default: record<NonNullable<EnumUse["default"]>>({}, { from: sqlText, to: sqlText }),
  },
);

/** `"exams"`, or `{ schema: "app", table: "exams" }`. */
export const tableRef: Form<OnTable> = {
  read: (value, where) => (typeof value === "string" ? { table: name.read(value, where) } : inSchema.read(value, where)),
  print: (value) => (value.schema === undefined ? value.table : inSchema.print(value)),
};
const inSchema = record<OnTable>({ table: name }, { schema: name });

/** `"mood"`, or `{ schema: "app", name: "mood" }`. */
export const nameRef: Form<QualifiedName> = {
  read: (value, where) => (typeof value === "string" ? { name: name.read(value, where) } : qualified.read(value, where)),
  print: (value) => (value.schema === undefined ? value.name : qualified.print(value)),
};
const qualified = record<QualifiedName>({ name }, { schema: name });

/**
 * Two states of one thing in one object: an attribute that stays is written plainly, one that changes as { from, to }, where null is
 * "not there".
 */
export function changeOf<T extends object>(
  forms: { readonly [K in keyof T]-?: Form<NonNullable<T[K]>> },
): Form<{ readonly from: T; readonly to: T }> {
  const entries = Object.entries(forms) as [string, Form<unknown>][];
  return {
    read(value, where) {
      const given = plain(value, where);
      const from: Record<string, unknown> = {};
      const to: Record<string, unknown> = {};
      const put = (side: Record<string, unknown>, key: string, form: Form<unknown>, one: unknown) => {
        if (one !== null && one !== undefined) side[key] = form.read(one, `${where}.${key}`);
      };
      for (const [key, one] of Object.entries(given)) {
        const form = entries.find(([known]) => known === key)?.[1];
        if (form === undefined) throw text.read(undefined, `${where}.${key}, which is no attribute,`);
        const changes = typeof one === "object" && one !== null && ("from" in one || "to" in one);
        const both = changes ? (one as { from?: unknown; to?: unknown }) : { from: one, to: one };
        put(from, key, form, both.from);
        put(to, key, form, both.to);
      }
      return { from: from as T, to: to as T };
    },
    print({ from, to }) {
      const side = (state: T, key: string, form: Form<unknown>) => {
        const one = (state as Record<string, unknown>)[key];
        return one === undefined ? null : form.print(one);
      };
      const printed = entries.flatMap(([key, form]) => {
        const [a, b] = [side(from, key, form), side(to, key, form)];
        if (JSON.stringify(a) !== JSON.stringify(b)) return [[key, { from: a, to: b }] as const];
        return a === null ? [] : [[key, a] as const];
      });
      return Object.fromEntries(printed);
    },
  };
}
