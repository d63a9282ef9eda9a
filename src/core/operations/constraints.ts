import { type Form, name, record } from "../form.ts";
import type {
  AddCheck,
  AddExclusion,
  AddForeignKey,
  AddPrimaryKey,
  AddUnique,
  DropCheck,
  DropExclusion,
  DropForeignKey,
  DropPrimaryKey,
  DropUnique,
  Online,
  OnTable,
  Operation,
  RenameConstraint,
} from "../operation.ts";
import { type Check, type ForeignKey, labelOf, type Table } from "../schema.ts";
import { missing, nameOf, there, without, withoutPart, withPart, withTable } from "./change.ts";
import { type Definition, onlineArgs, onlineIn, reading } from "./definition.ts";
import { check, exclusion, foreignKey, primaryKey, tableRef, unique } from "./shapes.ts";

type Lists = { uniques: Table["uniques"][number]; foreignKeys: ForeignKey; checks: Check; exclusions: Table["exclusions"][number] };

/** Adding and dropping a constraint that has a name and stands in a list of the table: four kinds, one shape. */
function named<L extends keyof Lists, F extends string, A extends Operation, D extends Operation>(
  what: string,
  list: L,
  field: F,
  form: Form<Lists[L]>,
  kinds: { readonly add: A["kind"]; readonly drop: D["kind"] },
  detail: (part: Lists[L]) => string,
): { readonly add: Definition<A>; readonly drop: Definition<D> } {
  const partOf = (op: A | D): Lists[L] => (op as unknown as Record<F, Lists[L]>)[field];
  const refOf = (op: A | D): OnTable => op as unknown as OnTable;
  const make = (kind: string, args: readonly unknown[]) =>
    reading(
      kind,
      args,
      3,
      () => ({ kind, ...tableRef.read(args[0], "table"), [field]: form.read(args[1], field), ...onlineIn(args, 2) }) as unknown,
    );
  const args = (op: A | D) => [tableRef.print(refOf(op)), form.print(partOf(op)), ...onlineArgs(op as Online)];
  const where = (op: A | D) => labelOf(nameOf(refOf(op)));
  const parts = (table: Table) => table[list] as readonly Lists[L][];
  return {
    add: {
      make: (given) => make(kinds.add, given) as A,
      args,
      reverse: (op) => ({ ...(op as object), kind: kinds.drop }) as Operation,
      apply: (schema, op) =>
        withTable(schema, refOf(op), (table) => ({ ...table, [list]: withPart(parts(table), partOf(op), what, refOf(op)) })),
      describe: (op) => `add ${what} ${partOf(op).name} on ${where(op)} ${detail(partOf(op))}`,
    },
    drop: {
      make: (given) => make(kinds.drop, given) as D,
      args,
      reverse: (op) => ({ ...(op as object), kind: kinds.add }) as Operation,
      apply: (schema, op) =>
        withTable(schema, refOf(op), (table) => ({ ...table, [list]: withoutPart(parts(table), partOf(op).name, what, refOf(op)) })),
      describe: (op) => `drop ${what} ${partOf(op).name} on ${where(op)}`,
    },
  };
}

const inBrackets = (columns: readonly string[]): string => `(${columns.join(", ")})`;

export const { add: addUnique, drop: dropUnique } = named<"uniques", "unique", AddUnique, DropUnique>(
  "unique",
  "uniques",
  "unique",
  unique,
  { add: "addUnique", drop: "dropUnique" },
  ({ columns }) => inBrackets(columns),
);

export const { add: addForeignKey, drop: dropForeignKey } = named<"foreignKeys", "foreignKey", AddForeignKey, DropForeignKey>(
  "foreign key",
  "foreignKeys",
  "foreignKey",
  foreignKey,
  { add: "addForeignKey", drop: "dropForeignKey" },
  ({ columns, references, onDelete }) =>
    `${inBrackets(columns)} → ${labelOf(nameOf(references))} ${inBrackets(references.columns)}${onDelete === undefined ? "" : ` on delete ${onDelete.toLowerCase()}`}`,
);

export const { add: addCheck, drop: dropCheck } = named<"checks", "check", AddCheck, DropCheck>(
  "check",
  "checks",
  "check",
  check,
  { add: "addCheck", drop: "dropCheck" },
  ({ expression }) => `(${expression})`,
);

export const { add: addExclusion, drop: dropExclusion } = named<"exclusions", "exclusion", AddExclusion, DropExclusion>(
  "exclusion",
  "exclusions",
  "exclusion",
  exclusion,
  { add: "addExclusion", drop: "dropExclusion" },
  ({ expression }) => expression,
);

export const addPrimaryKey: Definition<AddPrimaryKey> = {
  make: (args) =>
    reading("addPrimaryKey", args, 3, () => ({
      kind: "addPrimaryKey",
      ...tableRef.read(args[0], "table"),
      primaryKey: primaryKey.read(args[1], "primaryKey"),
      ...onlineIn(args, 2),
    })),
  args: (op) => [tableRef.print(op), primaryKey.print(op.primaryKey), ...onlineArgs(op)],
  reverse: (op) => ({ ...op, kind: "dropPrimaryKey" }),
  apply: (schema, op) =>
    withTable(schema, op, (table) => {
      if (table.primaryKey !== undefined) throw there("a primary key", ` on ${labelOf(nameOf(op))}`);
      return { ...table, primaryKey: op.primaryKey };
    }),
  describe: (op) => `add primary key on ${labelOf(nameOf(op))} ${inBrackets(op.primaryKey.columns)}`,
};

export const dropPrimaryKey: Definition<DropPrimaryKey> = {
  make: (args) =>
    reading("dropPrimaryKey", args, 3, () => ({
      kind: "dropPrimaryKey",
      ...tableRef.read(args[0], "table"),
      primaryKey: primaryKey.read(args[1], "primaryKey"),
      ...onlineIn(args, 2),
    })),
  args: (op) => [tableRef.print(op), primaryKey.print(op.primaryKey), ...onlineArgs(op)],
  reverse: (op) => ({ ...op, kind: "addPrimaryKey" }),
  apply: (schema, op) =>
    withTable(schema, op, (table) => {
      if (table.primaryKey === undefined) throw missing("a primary key", ` on ${labelOf(nameOf(op))}`);
      return without(table, "primaryKey");
    }),
  describe: (op) => `drop primary key on ${labelOf(nameOf(op))} ${inBrackets(op.primaryKey.columns)}`,
};

const renameOptions = record<Pick<RenameConstraint, "foreignKey" | "check">>({}, { foreignKey, check });

export const renameConstraint: Definition<RenameConstraint> = {
  make: (args) =>
    reading("renameConstraint", args, 4, () => ({
      kind: "renameConstraint",
      ...tableRef.read(args[0], "table"),
      from: name.read(args[1], "from"),
      to: name.read(args[2], "to"),
      ...renameOptions.read(args[3] ?? {}, "options"),
    })),
  args(op) {
    const options = renameOptions.print(op) as object;
    return [tableRef.print(op), op.from, op.to, ...(Object.keys(options).length > 0 ? [options] : [])];
  },
  reverse: (op) => ({
    ...op,
    from: op.to,
    to: op.from,
    ...(op.foreignKey === undefined ? {} : { foreignKey: { ...op.foreignKey, name: op.to } }),
    ...(op.check === undefined ? {} : { check: { ...op.check, name: op.to } }),
  }),
  apply: (schema, op) =>
    withTable(schema, op, (table) => {
      const names = [table.primaryKey, ...table.uniques, ...table.foreignKeys, ...table.checks, ...table.exclusions].map(
        (one) => one?.name,
      );
      if (!names.includes(op.from)) throw missing(`constraint ${op.from}`, ` on ${labelOf(nameOf(op))}`);
      if (names.includes(op.to)) throw there(`constraint ${op.to}`, ` on ${labelOf(nameOf(op))}`);
      const swap = <T extends { readonly name?: string }>(part: T): T => (part.name === op.from ? { ...part, name: op.to } : part);
      return {
        ...table,
        ...(table.primaryKey === undefined ? {} : { primaryKey: swap(table.primaryKey) }),
        uniques: table.uniques.map(swap),
        foreignKeys: table.foreignKeys.map(swap),
        checks: table.checks.map(swap),
        exclusions: table.exclusions.map(swap),
      };
    }),
  describe: (op) => `rename constraint ${op.from} on ${labelOf(nameOf(op))} to ${op.to}`,
};
