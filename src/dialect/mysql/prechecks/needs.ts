import type { AddColumn, AlterColumn, Flavor, Operation } from "../../../core/operation.ts";
import type { ForeignKey, QualifiedName } from "../../../core/schema.ts";
import { nameOf } from "../../shared/prechecks/before.ts";
import { inPlaces, type Plain } from "../../shared/prechecks/places.ts";

/** A right that an operation must have on a table or view, which may be one that it makes. `*` is all of a database. */
export interface Need {
  readonly name: QualifiedName;
  readonly right: string;
  /** it is not there yet: the right can only be given on the database */
  readonly makes?: true;
  /** each of these will do as well */
  readonly or?: readonly string[];
}

export interface NeedOf {
  readonly need: Need;
  readonly operation: number;
}

/** As far as nothing of the author's own may change who has which right. */
export function needsOf(operations: readonly Operation[], flavor: Flavor): readonly NeedOf[] {
  const places = inPlaces(operations, flavor);
  const until = places.findIndex(({ operation }) => changesRights(operation));
  return places
    .slice(0, until < 0 ? places.length : until)
    .flatMap(({ operation, at }) => of(operation, flavor).map((need) => ({ need, operation: at })));
}

function changesRights(operation: Plain): boolean {
  if (operation.kind === "run") return true;
  return operation.kind === "execute" && /\b(?:grant|role|call|do|execute|load)\b/i.test(operation.sql);
}

const on = (name: QualifiedName, ...rights: readonly string[]): readonly Need[] => rights.map((right) => ({ name, right }));

const making = (name: QualifiedName, ...rights: readonly string[]): readonly Need[] =>
  rights.map((right) => ({ name, right, makes: true }));

/** MySQL's manual asks for these three; MariaDB for the first. */
const altering = (name: QualifiedName, flavor: Flavor): readonly Need[] =>
  flavor === "mysql" ? on(name, "ALTER", "CREATE", "INSERT") : on(name, "ALTER");

function of(op: Plain, flavor: Flavor): readonly Need[] {
  switch (op.kind) {
    case "createSchema":
      return on({ schema: op.name, name: "*" }, "CREATE");
    case "dropSchema":
      return on({ schema: op.name, name: "*" }, "DROP");
    case "createTable":
      return [...making(nameOf(op.schema, op.table), "CREATE"), ...op.definition.foreignKeys.flatMap((key) => referring(key, flavor))];
    case "dropTable":
      return on(nameOf(op.schema, op.table), "DROP");
    case "renameTable":
    case "renameView":
      return renaming(nameOf(op.schema, op.from), nameOf(op.schema, op.to));
    case "moveTable":
      return renaming(nameOf(op.from, op.table), nameOf(op.to, op.table));
    case "addForeignKey": {
      const table = nameOf(op.schema, op.table);
      return [...altering(table, flavor), ...referring(op.foreignKey, flavor)];
    }
    case "addColumn":
      return [...altering(nameOf(op.schema, op.table), flavor), ...filling(op)];
    case "alterColumn":
      return [...altering(nameOf(op.schema, op.table), flavor), ...filling(op)];
    case "backfill":
      return on(nameOf(op.schema, op.table), "SELECT", "UPDATE");
    case "createView":
      return making(nameOf(op.schema, op.view), "CREATE VIEW");
    case "dropView":
      return on(nameOf(op.schema, op.view), "DROP");
    case "alterView":
      return on(nameOf(op.schema, op.view), "CREATE VIEW", "DROP");
    default:
      return "table" in op ? altering(nameOf(op.schema, op.table), flavor) : [];
  }
}

const renaming = (from: QualifiedName, to: QualifiedName): readonly Need[] => [
  ...on(from, "ALTER", "DROP"),
  ...making(to, "CREATE", "INSERT"),
];

function referring({ references }: ForeignKey, flavor: Flavor): readonly Need[] {
  const name = nameOf(references.schema, references.table);
  return [{ name, right: "REFERENCES", ...(flavor === "mariadb" && { or: ["SELECT", "INSERT", "UPDATE", "DELETE"] }) }];
}

const filling = (op: AddColumn | AlterColumn): readonly Need[] =>
  op.fill !== undefined || ("using" in op && op.using !== undefined) ? on(nameOf(op.schema, op.table), "SELECT", "UPDATE") : [];
