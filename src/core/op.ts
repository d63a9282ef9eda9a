import type { Flavor, IfExists, Online, TableOptions } from "./operation.ts";
import type { CodeStep } from "./revision.ts";
import type {
  Check,
  Column,
  EnumType,
  Exclusion,
  ForeignKey,
  Generated,
  Identity,
  Index,
  IndexPart,
  PrimaryKey,
  Table,
  Unique,
  View,
} from "./schema.ts";
import type { Sql } from "./sql.ts";

/** The same record with SQL told apart from text in these fields. */
type WithSql<T, K extends keyof T> = { readonly [P in keyof T]: P extends K ? Sql : T[P] };

export type TableRef = string | { readonly schema: string; readonly table: string };
export type NameRef = string | { readonly schema: string; readonly name: string };
type GeneratedArgs = WithSql<Generated, "expression">;
export type ColumnArgs = Omit<WithSql<Column, "default" | "onUpdate">, "generated"> & { readonly generated?: GeneratedArgs };
export type IndexArgs = Omit<WithSql<Index, "where">, "columns"> & {
  readonly columns: readonly (string | WithSql<IndexPart, "expression">)[];
};
export type CheckArgs = WithSql<Check, "expression">;
export type ExclusionArgs = WithSql<Exclusion, "expression">;
export type TableArgs = Partial<Pick<Table, "primaryKey" | "uniques" | "foreignKeys" | "external"> & TableOptions> & {
  readonly columns: readonly ColumnArgs[];
  readonly indexes?: readonly IndexArgs[];
  readonly checks?: readonly CheckArgs[];
  readonly exclusions?: readonly ExclusionArgs[];
};
export type ViewArgs = Omit<WithSql<View, "definition">, "name" | "schema" | "indexes"> & { readonly indexes?: readonly IndexArgs[] };

/** An attribute that stays is given plainly, one that changes as { from, to }; null is "not there". */
type Change<T> = { readonly [K in keyof T]?: T[K] | { readonly from: T[K] | null; readonly to: T[K] | null } };
export type ColumnChange = Change<Omit<Required<ColumnArgs>, "name" | "generated" | "identity">> & {
  readonly type: string | { readonly from: string; readonly to: string };
  readonly generated?: GeneratedArgs | { readonly from: GeneratedArgs | null; readonly to: GeneratedArgs | null };
  readonly identity?: Identity | { readonly from: Identity | null; readonly to: Identity | null };
};
export interface EnumChange {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly columns?: readonly {
    readonly schema?: string;
    readonly table: string;
    readonly column: string;
    readonly array?: true;
    readonly default?: { readonly from?: Sql; readonly to?: Sql };
  }[];
  readonly replace?: Readonly<Record<string, string>>;
}

/** What `upgrade(op)` and `downgrade(op)` call. It only records: nothing is sent before the whole revision is known. */
export interface Op<Manager = unknown> {
  createSchema(name: string): void;
  dropSchema(name: string): void;
  createExtension(name: string): void;
  dropExtension(name: string): void;

  createEnum(type: NameRef, values: readonly string[], options?: Pick<EnumType, "comment">): void;
  dropEnum(type: NameRef, values: readonly string[], options?: Pick<EnumType, "comment">): void;
  renameEnum(from: NameRef, to: string): void;
  renameEnumValue(type: NameRef, from: string, to: string): void;
  alterEnum(type: NameRef, change: EnumChange): void;

  createTable(table: TableRef, definition: TableArgs): void;
  /** `ifExists: true`, here and below, is for what a database may or may not have: nobody's until now */
  dropTable(table: TableRef, definition: TableArgs, options?: IfExists): void;
  renameTable(from: TableRef, to: string): void;
  moveTable(table: string, schema: { readonly from: string | null; readonly to: string | null }): void;
  alterTable(table: TableRef, change: Change<Required<TableOptions>>, options?: Online): void;

  /** `fill` is the value of the rows that are there already; `online: false`, here and below, asks for the plain form, which may block others */
  addColumn(table: TableRef, column: ColumnArgs, options?: { readonly fill?: Sql } & Online): void;
  dropColumn(table: TableRef, column: ColumnArgs, options?: Online & IfExists): void;
  renameColumn(table: TableRef, from: string, to: string): void;
  /** `using` makes the new value of the old one, `fill` stands in for NULL */
  alterColumn(
    table: TableRef,
    column: string,
    change: ColumnChange,
    options?: { readonly using?: Sql; readonly fill?: Sql } & Online,
  ): void;

  addPrimaryKey(table: TableRef, key: PrimaryKey, options?: Online): void;
  dropPrimaryKey(table: TableRef, key: PrimaryKey, options?: Online): void;
  addUnique(table: TableRef, unique: Unique, options?: Online): void;
  dropUnique(table: TableRef, unique: Unique, options?: Online): void;
  addIndex(table: TableRef, index: IndexArgs, options?: Online): void;
  dropIndex(table: TableRef, index: IndexArgs, options?: Online & IfExists): void;
  renameIndex(table: TableRef, from: string, to: string): void;
  addForeignKey(table: TableRef, key: ForeignKey, options?: Online): void;
  dropForeignKey(table: TableRef, key: ForeignKey, options?: Online): void;
  addCheck(table: TableRef, check: CheckArgs, options?: Online): void;
  dropCheck(table: TableRef, check: CheckArgs, options?: Online): void;
  addExclusion(table: TableRef, exclusion: ExclusionArgs, options?: Online): void;
  dropExclusion(table: TableRef, exclusion: ExclusionArgs, options?: Online): void;
  renameConstraint(
    table: TableRef,
    from: string,
    to: string,
    options?: { readonly foreignKey?: ForeignKey; readonly check?: CheckArgs },
  ): void;

  createView(view: NameRef, definition: ViewArgs): void;
  dropView(view: NameRef, definition: ViewArgs): void;
  alterView(view: NameRef, change: { readonly from: ViewArgs; readonly to: ViewArgs }): void;
  renameView(from: NameRef, to: string, options?: { readonly materialized?: true }): void;

  /** SQL of your own; `undo` takes it back */
  execute(statement: Sql, options?: { readonly undo?: Sql }): void;
  /** UPDATE in batches, each committed; `where` must leave out what is done already */
  backfill(table: TableRef, change: { readonly set: Readonly<Record<string, Sql>>; readonly where?: Sql; readonly batch?: number }): void;
  /** code of your own, with a session of the database */
  run(title: string, code: CodeStep<Manager>): void;
  /** what stands there already, made by code or by hand: nothing is sent, but the history knows it from then on */
  assume(body: (op: Op<Manager>) => void): void;
  /** only on that engine; "mysql" is meant for MariaDB too */
  on(dialect: Flavor, body: (op: Op<Manager>) => void): void;
}
