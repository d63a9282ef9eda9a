import type { AlterEnum, Operation } from "../../../core/operation.ts";
import { type Column, type ForeignKey, keyOf, type QualifiedName } from "../../../core/schema.ts";
import type { CompileContext } from "../../dialect.ts";
import { nameOf } from "../../shared/prechecks/before.ts";
import { inPlaces, type Plain } from "../../shared/prechecks/places.ts";
import { isOwnType, parseType } from "../type.ts";

/** What an operation must be allowed, of an object that is there before the run. */
export type Need =
  | { readonly of: "relation"; readonly name: QualifiedName; readonly right: "own" | "drop" }
  | { readonly of: "relation"; readonly name: QualifiedName; readonly right: "data"; readonly privileges: readonly string[] }
  | { readonly of: "relation"; readonly name: QualifiedName; readonly right: "reference"; readonly columns: readonly string[] }
  | { readonly of: "type"; readonly name: QualifiedName; readonly right: "own" | "drop" }
  /** as a column says it */
  | { readonly of: "typeText"; readonly text: string }
  | { readonly of: "schema"; readonly name: string | undefined; readonly right: "use" | "create" | "own" }
  | { readonly of: "database" }
  | { readonly of: "extension"; readonly name: string };

export interface NeedOf {
  readonly need: Need;
  /** the first operation that has it */
  readonly operation: number;
}

/**
 * Operation by operation, as far as nothing of the author's own may change who has which right. What the list makes itself belongs to the role that runs it; what it renames is asked about
 * by its name before.
 */
export function needsOf(operations: readonly Operation[], context: CompileContext): readonly NeedOf[] {
  const names = namesBefore();
  const places = inPlaces(operations, context.server.flavor);
  const until = places.findIndex(({ operation }) => changesRights(operation));
  return places.slice(0, until < 0 ? places.length : until).flatMap(({ operation, at }) => {
    const needs = [...of(operation), ...ofMetadata(operation, context)].flatMap((need) => asBefore(need, names));
    note(operation, names);
    return needs.map((need) => ({ need, operation: at }));
  });
}

function changesRights(operation: Plain): boolean {
  if (operation.kind === "run") return true;
  return operation.kind === "execute" && /\b(?:grant|role|owner|authorization|do|call|select)\b/i.test(operation.sql);
}

const own = (name: QualifiedName): Need => ({ of: "relation", name, right: "own" });
const drop = (name: QualifiedName): Need => ({ of: "relation", name, right: "drop" });
const createIn = (name: string | undefined): Need => ({ of: "schema", name, right: "create" });
const references = ({ references: { schema, table, columns } }: ForeignKey): Need => ({
  of: "relation",
  name: nameOf(schema, table),
  right: "reference",
  columns,
});

function of(op: Plain): readonly Need[] {
  switch (op.kind) {
    case "createSchema":
      return [{ of: "database" }];
    case "dropSchema":
      return [{ of: "schema", name: op.name, right: "own" }];
    case "dropExtension":
      return [{ of: "extension", name: op.name }];
    case "createEnum":
      return [createIn(op.definition.schema)];
    case "dropEnum":
      return [{ of: "type", name: op.definition, right: "drop" }];
    case "renameEnum":
      return [{ of: "type", name: nameOf(op.schema, op.from), right: "own" }];
    case "renameEnumValue":
      return [{ of: "type", name: nameOf(op.schema, op.name), right: "own" }];
    case "alterEnum":
      return alterEnum(op);
    case "createTable":
      return [createIn(op.schema), ...op.definition.columns.flatMap(typeOf), ...op.definition.foreignKeys.map(references)];
    case "dropTable":
      return [drop(nameOf(op.schema, op.table))];
    case "renameTable":
    case "renameView":
      return [own(nameOf(op.schema, op.from)), createIn(op.schema)];
    case "moveTable":
      return [own(nameOf(op.from, op.table)), createIn(op.to)];
    case "createView":
      return [createIn(op.schema)];
    case "dropView":
      return [drop(nameOf(op.schema, op.view))];
    case "alterView":
      return [drop(nameOf(op.schema, op.view)), createIn(op.schema)];
    case "addColumn": {
      const sequence = op.column.autoIncrement || op.column.identity ? [createIn(op.schema)] : [];
      return [own(nameOf(op.schema, op.table)), ...sequence, ...typeOf(op.column)];
    }
    case "alterColumn":
      return [own(nameOf(op.schema, op.table)), ...(op.from.type === op.to.type ? [] : typeOf(op.to))];
    case "addPrimaryKey":
    case "addUnique":
    case "addIndex":
    case "addExclusion":
    case "renameIndex":
      return [own(nameOf(op.schema, op.table)), createIn(op.schema)];
    case "addForeignKey":
      return [own(nameOf(op.schema, op.table)), references(op.foreignKey)];
    case "backfill":
      return [{ of: "relation", name: nameOf(op.schema, op.table), right: "data", privileges: ["SELECT", "UPDATE"] }];
    // whether it can be made is more than a right; what the author's own SQL needs is not known
    case "createExtension":
    case "execute":
    case "run":
      return [];
    default:
      return [own(nameOf(op.schema, op.table))];
  }
}

/** Values that are only added leave the columns alone; any other change puts a new type in the old one's place. */
function alterEnum({ schema, name, from, to, columns }: AlterEnum): readonly Need[] {
  const type: Need = { of: "type", name: nameOf(schema, name), right: "own" };
  const swaps = from.some((value, at) => to.filter((one) => from.includes(one))[at] !== value);
  const uses = columns.filter((use) => swaps || use.default?.from !== use.default?.to);
  return [type, ...(swaps ? [createIn(schema)] : []), ...uses.map((use) => own(nameOf(use.schema, use.table)))];
}

function typeOf({ type }: Column): readonly Need[] {
  return isOwnType(parseType(type)) ? [{ of: "typeText", text: type.replace(/(?:\[\d*\])+$/, "") }] : [];
}

/** TypeORM's own table is written where a view or a generated column changes; that it is made when it is missing needs the right even when it is not. */
function ofMetadata(op: Plain, { metadataTable: name }: CompileContext): readonly Need[] {
  if (name === undefined || !remembered(op)) return [];
  return [createIn(name.schema), { of: "relation", name, right: "data", privileges: ["SELECT", "INSERT", "UPDATE", "DELETE"] }];
}

function remembered(op: Plain): boolean {
  if (op.kind === "createView" || op.kind === "dropView" || op.kind === "alterView") return true;
  if (op.kind === "createTable" || op.kind === "dropTable") return op.definition.columns.some(({ generated }) => generated !== undefined);
  if (op.kind === "addColumn" || op.kind === "dropColumn") return op.column.generated !== undefined;
  return op.kind === "alterColumn" && (op.from.generated ?? op.to.generated) !== undefined;
}

/** Present names to those before the run; null where the list makes the thing. */
interface Names {
  readonly relations: Map<string, QualifiedName | null>;
  readonly types: Map<string, QualifiedName | null>;
  readonly schemas: Set<string>;
}

const namesBefore = (): Names => ({ relations: new Map(), types: new Map(), schemas: new Set() });

function asBefore(need: Need, names: Names): readonly Need[] {
  if (need.of === "schema") return need.name !== undefined && names.schemas.has(need.name) ? [] : [need];
  if (need.of === "typeText")
    return [...names.types.keys()].some((key) => need.text.includes(key.split("\u0000").at(-1) ?? "")) ? [] : [need];
  if (need.of !== "relation" && need.of !== "type") return [need];
  const known = (need.of === "relation" ? names.relations : names.types).get(keyOf(need.name));
  if (known === null) return [];
  const name = known ?? need.name;
  return [
    { ...need, name },
    { of: "schema", name: name.schema, right: "use" },
  ];
}

function note(op: Plain, { relations, types, schemas }: Names): void {
  const move = (among: Names["relations"], from: QualifiedName, to: QualifiedName): void => {
    const origin = among.get(keyOf(from));
    among.set(keyOf(to), origin === undefined ? from : origin);
    among.delete(keyOf(from));
  };
  switch (op.kind) {
    case "createSchema":
      schemas.add(op.name);
      break;
    case "createEnum":
      types.set(keyOf(op.definition), null);
      break;
    case "renameEnum":
      move(types, nameOf(op.schema, op.from), nameOf(op.schema, op.to));
      break;
    case "createTable":
      relations.set(keyOf(nameOf(op.schema, op.table)), null);
      break;
    case "createView":
      relations.set(keyOf(nameOf(op.schema, op.view)), null);
      break;
    case "renameTable":
    case "renameView":
      move(relations, nameOf(op.schema, op.from), nameOf(op.schema, op.to));
      break;
    case "moveTable":
      move(relations, nameOf(op.from, op.table), nameOf(op.to, op.table));
      break;
  }
}
