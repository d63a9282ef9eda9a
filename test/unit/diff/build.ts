import type { Operation } from "../../../src/core/operation.ts";
import type { Rules } from "../../../src/core/rules.ts";
import { type Column, emptySchema, type ForeignKey, type Schema, type Table } from "../../../src/core/schema.ts";
import { type Difference, diff } from "../../../src/diff/diff.ts";

/** Schemas in few words. A column is `name type`, a `?` after the type makes it nullable. */
export function column(text: string, more: Partial<Column> = {}): Column {
  const [name = "", ...words] = text.split(" ");
  const type = words.join(" ");
  return type.endsWith("?") ? { name, type: type.slice(0, -1), nullable: true, ...more } : { name, type, ...more };
}

export function table(name: string, columns: readonly (string | Column)[], more: Partial<Table> = {}): Table {
  return {
    name,
    columns: columns.map((one) => (typeof one === "string" ? column(one) : one)),
    primaryKey: { name: `pk_${name}`, columns: ["id"] },
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    exclusions: [],
    ...more,
  };
}

export const foreignKey = (name: string, column: string, target: string, more: Partial<ForeignKey> = {}): ForeignKey => ({
  name,
  columns: [column],
  references: { table: target, columns: ["id"] },
  ...more,
});

export const schema = (tables: readonly Table[], more: Partial<Schema> = {}): Schema => ({ ...emptySchema, tables, ...more });

const asking = new Set(["integer>uuid", "uuid>integer", "text>integer[]"]);

/** An engine with enum types, whose dependents block. */
export const strictRules: Rules = {
  conversion(from, to) {
    if (from.type === to.type) return { kind: "none" };
    if (asking.has(`${from.type}>${to.type}`))
      return { kind: "ask", because: `${from.type} does not become ${to.type} by itself`, guess: "?" };
    if (from.type.startsWith("character") && to.type === "integer") return { kind: "using", expression: `"${from.name}"::integer` };
    return { kind: "assign" };
  },
  enumTypes: true,
  enumValuesInPlace: true,
  dependentsBlock: true,
  defaultRenamed: (value) => value,
  foreignKeysBlockRetype: false,
  restrictIsNoAction: false,
  foreignKeysNeedIndex: false,
  fitsIdentifier: (name) => name.length <= 63,
  keptName: (name) => name.slice(0, 63),
  typeName: ({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`),
};

/** An engine with enums inside the column's type, whose foreign keys block. */
export const looseRules: Rules = {
  ...strictRules,
  conversion: (from, to) => ({ kind: from.type === to.type ? "none" : "assign" }),
  enumTypes: false,
  dependentsBlock: false,
  foreignKeysBlockRetype: true,
  restrictIsNoAction: true,
  foreignKeysNeedIndex: true,
  keptName: (name) => name,
};

/** What the models ask of a database that the history knows. */
export const compared = (from: Schema, to: Schema, rules: Rules = strictRules, known: Schema | null = from): Difference =>
  diff(from, to, { rules, known });

/** `addColumn items.note`: the operations in few words. */
export const told = (operations: readonly Operation[]): readonly string[] => operations.map(inShort);

function inShort(operation: Operation): string {
  const place = "table" in operation ? operation.table : "view" in operation ? operation.view : "";
  const subject = subjectOf(operation);
  return `${operation.kind} ${[place, subject].filter((text) => text !== "").join(".")}`;
}

function subjectOf(operation: Operation): string {
  if (
    operation.kind === "renameColumn" ||
    operation.kind === "renameIndex" ||
    operation.kind === "renameConstraint" ||
    operation.kind === "renameTable"
  ) {
    return `${operation.from}>${operation.to}`;
  }
  if (operation.kind === "renameEnum" || operation.kind === "renameEnumValue") return `${operation.from}>${operation.to}`;
  if (operation.kind === "alterColumn") return operation.to.name;
  if ("column" in operation) return operation.column.name;
  for (const field of ["primaryKey", "unique", "index", "foreignKey", "check", "exclusion"] as const) {
    const item = (operation as Readonly<Partial<Record<typeof field, { readonly name?: string }>>>)[field];
    if (item !== undefined) return item.name ?? "";
  }
  if (operation.kind === "createEnum" || operation.kind === "dropEnum") return operation.definition.name;
  if (operation.kind === "alterEnum" || operation.kind === "createSchema" || operation.kind === "createExtension") return operation.name;
  return "";
}
