import type { Check, Column, EnumType, Exclusion, ForeignKey, Index, PrimaryKey, Table, Unique, View } from "./schema.ts";

/**
 * One change of the database, as plain data that says everything about itself: no reader needs the live schema to reverse it,
 * print it or make SQL of it. A drop holds what it drops, an alteration both sides.
 */
export type Operation =
  | CreateSchema
  | DropSchema
  | CreateExtension
  | DropExtension
  | CreateEnum
  | DropEnum
  | RenameEnum
  | RenameEnumValue
  | AlterEnum
  | CreateTable
  | DropTable
  | RenameTable
  | MoveTable
  | AlterTable
  | AddColumn
  | DropColumn
  | RenameColumn
  | AlterColumn
  | AddPrimaryKey
  | DropPrimaryKey
  | AddUnique
  | DropUnique
  | AddIndex
  | DropIndex
  | RenameIndex
  | AddForeignKey
  | DropForeignKey
  | AddCheck
  | DropCheck
  | AddExclusion
  | DropExclusion
  | RenameConstraint
  | CreateView
  | DropView
  | AlterView
  | RenameView
  | Execute
  | Backfill
  | Run
  | On
  | Assume;

export type Kind = Operation["kind"];
export type OperationOf<K extends Kind> = Extract<Operation, { kind: K }>;

/** Anything that stands on one table. */
export interface OnTable {
  readonly schema?: string;
  readonly table: string;
}

/** A change that can be made beside others' work, or plainly. */
export interface Online {
  /** false asks for the plain form, which may block others; the usual case is the one that does not */
  readonly online?: false;
}

/** What goes was nobody's when this was written: a database that does not have it is as it should be. */
export interface IfExists {
  readonly ifExists?: true;
}

export interface CreateSchema {
  readonly kind: "createSchema";
  readonly name: string;
}
export interface DropSchema {
  readonly kind: "dropSchema";
  readonly name: string;
}
export interface CreateExtension {
  readonly kind: "createExtension";
  readonly name: string;
}
export interface DropExtension {
  readonly kind: "dropExtension";
  readonly name: string;
}

export interface CreateEnum {
  readonly kind: "createEnum";
  readonly definition: EnumType;
}
export interface DropEnum {
  readonly kind: "dropEnum";
  readonly definition: EnumType;
}
export interface RenameEnum {
  readonly kind: "renameEnum";
  readonly schema?: string;
  readonly from: string;
  readonly to: string;
}
export interface RenameEnumValue {
  readonly kind: "renameEnumValue";
  readonly schema?: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}
/**
 * Any change of the values. What the engine can do in place (ADD VALUE) it does; else a new type takes the old one's place in
 * every column that uses it.
 */
export interface AlterEnum {
  readonly kind: "alterEnum";
  readonly schema?: string;
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly columns: readonly EnumUse[];
  /** what becomes of a removed value in the rows; a removed value without an entry must not be in use */
  readonly replace?: Readonly<Record<string, string>>;
}
/** A column of the enum: `from` and `to` are its defaults before and after. */
export interface EnumUse extends OnTable {
  readonly column: string;
  readonly array?: true;
  readonly default?: { readonly from?: string; readonly to?: string };
}

export interface CreateTable extends OnTable {
  readonly kind: "createTable";
  readonly definition: Table;
}
export interface DropTable extends OnTable, IfExists {
  readonly kind: "dropTable";
  readonly definition: Table;
}
export interface RenameTable {
  readonly kind: "renameTable";
  readonly schema?: string;
  readonly from: string;
  readonly to: string;
}
/** To another schema; no name is the default schema. */
export interface MoveTable {
  readonly kind: "moveTable";
  readonly table: string;
  readonly from?: string;
  readonly to?: string;
}
export interface AlterTable extends OnTable, Online {
  readonly kind: "alterTable";
  readonly from: TableOptions;
  readonly to: TableOptions;
}
export type TableOptions = Pick<Table, "comment" | "engine" | "charset" | "collation">;

/** `fill` is the value of the rows that are there already. */
export interface AddColumn extends OnTable, Online {
  readonly kind: "addColumn";
  readonly column: Column;
  readonly fill?: string;
}
export interface DropColumn extends OnTable, Online, IfExists {
  readonly kind: "dropColumn";
  readonly column: Column;
}
export interface RenameColumn extends OnTable {
  readonly kind: "renameColumn";
  readonly from: string;
  readonly to: string;
}
/** `from.name` and `to.name` are the same. `using` converts the old value, `fill` stands in for NULL. */
export interface AlterColumn extends OnTable, Online {
  readonly kind: "alterColumn";
  readonly from: Column;
  readonly to: Column;
  readonly using?: string;
  readonly fill?: string;
}

export interface AddPrimaryKey extends OnTable, Online {
  readonly kind: "addPrimaryKey";
  readonly primaryKey: PrimaryKey;
}
export interface DropPrimaryKey extends OnTable, Online {
  readonly kind: "dropPrimaryKey";
  readonly primaryKey: PrimaryKey;
}
export interface AddUnique extends OnTable, Online {
  readonly kind: "addUnique";
  readonly unique: Unique;
}
export interface DropUnique extends OnTable, Online {
  readonly kind: "dropUnique";
  readonly unique: Unique;
}
/** `table` is a table or a materialised view. */
export interface AddIndex extends OnTable, Online {
  readonly kind: "addIndex";
  readonly index: Index;
}
export interface DropIndex extends OnTable, Online, IfExists {
  readonly kind: "dropIndex";
  readonly index: Index;
}
export interface RenameIndex extends OnTable {
  readonly kind: "renameIndex";
  readonly from: string;
  readonly to: string;
}
export interface AddForeignKey extends OnTable, Online {
  readonly kind: "addForeignKey";
  readonly foreignKey: ForeignKey;
}
export interface DropForeignKey extends OnTable, Online {
  readonly kind: "dropForeignKey";
  readonly foreignKey: ForeignKey;
}
export interface AddCheck extends OnTable, Online {
  readonly kind: "addCheck";
  readonly check: Check;
}
export interface DropCheck extends OnTable, Online {
  readonly kind: "dropCheck";
  readonly check: Check;
}
export interface AddExclusion extends OnTable, Online {
  readonly kind: "addExclusion";
  readonly exclusion: Exclusion;
}
export interface DropExclusion extends OnTable, Online {
  readonly kind: "dropExclusion";
  readonly exclusion: Exclusion;
}
/** A primary key, unique, check, exclusion or foreign key under another name (PostgreSQL). For a foreign key on MySQL, which has no such statement, `foreignKey` is its definition. */
export interface RenameConstraint extends OnTable {
  readonly kind: "renameConstraint";
  readonly from: string;
  readonly to: string;
  /** the whole foreign key, named as before, where the constraint is one */
  readonly foreignKey?: ForeignKey;
  /** likewise a check */
  readonly check?: Check;
}

export interface CreateView {
  readonly kind: "createView";
  readonly schema?: string;
  readonly view: string;
  readonly definition: View;
}
export interface DropView {
  readonly kind: "dropView";
  readonly schema?: string;
  readonly view: string;
  readonly definition: View;
}
export interface AlterView {
  readonly kind: "alterView";
  readonly schema?: string;
  readonly view: string;
  readonly from: View;
  readonly to: View;
}
export interface RenameView {
  readonly kind: "renameView";
  readonly schema?: string;
  readonly from: string;
  readonly to: string;
  readonly materialized?: true;
}

/** SQL of the author's own; what it does to the schema cannot be replayed in memory. `undo` takes it back. */
export interface Execute {
  readonly kind: "execute";
  readonly sql: string;
  readonly undo?: string;
}
/** UPDATE in batches. */
export interface Backfill extends OnTable {
  readonly kind: "backfill";
  readonly set: Readonly<Record<string, string>>;
  readonly where?: string;
  readonly batch?: number;
}
/** Code of the author's own. The function itself is not data: it is found again by its place (`Recording.code`). */
export interface Run {
  readonly kind: "run";
  readonly title: string;
  readonly code: number;
  /** it says that it may not be in one */
  readonly transaction?: false;
}
/** Only on that engine. */
export interface On {
  readonly kind: "on";
  readonly dialect: Flavor;
  readonly operations: readonly Operation[];
}

/** What stands there already, by code or by hands that no replay can follow: the history is told, the database is not. */
export interface Assume {
  readonly kind: "assume";
  readonly operations: readonly Operation[];
}

export type Flavor = "postgres" | "mysql" | "mariadb";
