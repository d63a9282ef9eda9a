import { dictionary, list, name, record, text } from "../form.ts";
import type { AlterEnum, CreateEnum, DropEnum, EnumUse, RenameEnum, RenameEnumValue } from "../operation.ts";
import { type Column, type EnumType, labelOf, type QualifiedName, type Schema } from "../schema.ts";
import { retyped, withColumnsOf } from "../type-name.ts";
import { added, changedPart, missing, removed, replaced, there, without, withTable } from "./change.ts";
import { type Definition, given, reading } from "./definition.ts";
import { enumOptions, enumUse, enumValues, nameRef } from "./shapes.ts";

const definitionIn = (call: string, args: readonly unknown[]): EnumType =>
  reading(call, args, 3, () => ({
    ...nameRef.read(args[0], "type"),
    values: enumValues.read(args[1], "values"),
    ...(args[2] === undefined ? {} : enumOptions.read(args[2], "options")),
  }));
const definitionArgs = (definition: EnumType): readonly unknown[] => {
  const options = enumOptions.print(definition) as object;
  return [nameRef.print(definition), enumValues.print(definition.values), ...(Object.keys(options).length > 0 ? [options] : [])];
};

export const createEnum: Definition<CreateEnum> = {
  make: (args) => ({ kind: "createEnum", definition: definitionIn("createEnum", args) }),
  args: (op) => definitionArgs(op.definition),
  reverse: (op) => ({ kind: "dropEnum", definition: op.definition }),
  apply: (schema, op) => ({ ...schema, enums: added(schema.enums, op.definition, "enum") }),
  describe: (op) => `create enum ${labelOf(op.definition)} (${op.definition.values.join(", ")})`,
};

export const dropEnum: Definition<DropEnum> = {
  make: (args) => ({ kind: "dropEnum", definition: definitionIn("dropEnum", args) }),
  args: (op) => definitionArgs(op.definition),
  reverse: (op) => ({ kind: "createEnum", definition: op.definition }),
  apply: (schema, op) => ({ ...schema, enums: removed(schema.enums, op.definition, "enum") }),
  describe: (op) => `drop enum ${labelOf(op.definition)}`,
};

const inSchema = (schema: string | undefined, one: string): QualifiedName => ({ ...given({ schema }), name: one });

export const renameEnum: Definition<RenameEnum> = {
  make: (args) =>
    reading("renameEnum", args, 2, () => {
      const { schema, name: from } = nameRef.read(args[0], "from");
      return { kind: "renameEnum", ...given({ schema }), from, to: name.read(args[1], "to") };
    }),
  args: (op) => [nameRef.print(inSchema(op.schema, op.from)), op.to],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply(schema, op) {
    const [from, to] = [inSchema(op.schema, op.from), inSchema(op.schema, op.to)];
    const enums = added(removed(schema.enums, from, "enum"), { ...find(schema, from), name: op.to }, "enum");
    return { ...retyped(schema, from, to), enums };
  },
  describe: (op) => `rename enum ${labelOf(inSchema(op.schema, op.from))} to ${op.to}`,
};

export const renameEnumValue: Definition<RenameEnumValue> = {
  make: (args) =>
    reading("renameEnumValue", args, 3, () => ({
      kind: "renameEnumValue",
      ...nameRef.read(args[0], "type"),
      from: text.read(args[1], "from"),
      to: text.read(args[2], "to"),
    })),
  args: (op) => [nameRef.print(inSchema(op.schema, op.name)), op.from, op.to],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply(schema, op) {
    const name = inSchema(op.schema, op.name);
    const enums = replaced(schema.enums, name, "enum", (type) => {
      if (!type.values.includes(op.from)) throw missing(`value ${op.from}`, ` in enum ${op.name}`);
      if (type.values.includes(op.to)) throw there(`value ${op.to}`, ` in enum ${op.name}`);
      return { ...type, values: type.values.map((value) => (value === op.from ? op.to : value)) };
    });
    // the server keeps a default as the value itself, not as its text
    const follow = (column: Column): Column =>
      column.default === undefined ? column : { ...column, default: column.default.replaceAll(literal(op.from), () => literal(op.to)) };
    return { ...withColumnsOf(schema, name, follow), enums };
  },
  describe: (op) => `rename value ${op.from} of enum ${labelOf(inSchema(op.schema, op.name))} to ${op.to}`,
};

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const change = record<Pick<AlterEnum, "from" | "to" | "columns" | "replace">, "columns">(
  { from: enumValues, to: enumValues },
  { replace: dictionary(text) },
  { columns: list(enumUse) },
);

export const alterEnum: Definition<AlterEnum> = {
  make: (args) =>
    reading("alterEnum", args, 2, () => ({ kind: "alterEnum", ...nameRef.read(args[0], "type"), ...change.read(args[1], "change") })),
  args: (op) => [nameRef.print(inSchema(op.schema, op.name)), change.print(op)],
  reverse: (op) => ({
    ...without(op, "replace"),
    from: op.to,
    to: op.from,
    columns: op.columns.map((use) =>
      use.default === undefined ? use : { ...use, default: given({ from: use.default.to, to: use.default.from }) },
    ),
  }),
  apply(schema, op) {
    const enums = replaced(schema.enums, inSchema(op.schema, op.name), "enum", (type) => ({ ...type, values: op.to }));
    return op.columns.reduce(withDefault, { ...schema, enums });
  },
  describe: (op) => `change values of enum ${labelOf(inSchema(op.schema, op.name))}: ${difference(op.from, op.to)}`,
};

function withDefault(schema: Schema, use: EnumUse): Schema {
  if (use.default === undefined) return schema;
  const { to } = use.default;
  const set = (column: Column): Column => (to === undefined ? without(column, "default") : { ...column, default: to });
  return withTable(schema, use, (table) => ({ ...table, columns: changedPart(table.columns, use.column, "column", use, set) }));
}

function difference(from: readonly string[], to: readonly string[]): string {
  const plus = to.filter((value) => !from.includes(value)).map((value) => `+${value}`);
  const minus = from.filter((value) => !to.includes(value)).map((value) => `-${value}`);
  return [...plus, ...minus].join(" ") || `order ${to.join(", ")}`;
}

function find(schema: Schema, wanted: QualifiedName): EnumType {
  const found = schema.enums.find((type) => type.name === wanted.name && type.schema === wanted.schema);
  if (found === undefined) throw missing(`enum ${labelOf(wanted)}`, "");
  return found;
}
