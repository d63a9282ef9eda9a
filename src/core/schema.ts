/**
 * A database's structure as plain, frozen data. Entities, a live database and a chain of revisions
 * each become this same record; everything else in the project is a function over it.
 *
 * Texts (types, defaults, expressions) are the database's own words. Where a field may be missing, missing is the
 * usual case: no `schema` is the connection's default schema, no `method` is the engine's default, no `onDelete` is NO ACTION.
 * A field that is not there is left out, never set to undefined: records are compared and printed as they stand.
 */
export interface Schema {
  /** schemas (PostgreSQL) that something here stands in, without the default one; sorted */
  readonly namespaces: readonly string[];
  readonly extensions: readonly string[];
  readonly enums: readonly EnumType[];
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  /** tables that the models mention but ask to leave alone (`synchronize: false`) */
  readonly external: readonly QualifiedName[];
}

export interface QualifiedName {
  readonly schema?: string;
  readonly name: string;
}

export interface EnumType extends QualifiedName {
  readonly values: readonly string[];
  readonly comment?: string;
}

export interface Table extends QualifiedName {
  readonly columns: readonly Column[];
  readonly primaryKey?: PrimaryKey;
  readonly uniques: readonly Unique[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly exclusions: readonly Exclusion[];
  readonly comment?: string;
  readonly engine?: string;
  readonly charset?: string;
  readonly collation?: string;
  /** names of indexes that the models ask to leave alone (`synchronize: false`) */
  readonly external?: readonly string[];
  /** names of keys and indexes that were there before the revisions: that the models have others is no change of the models */
  readonly adopted?: readonly string[];
}

export interface Column {
  readonly name: string;
  /** the whole type in the database's own words: `numeric(12,2)`, `character varying(20)[]`, `enum('a','b')`, `"Mood"`, `app.mood[]` */
  readonly type: string;
  /** NOT NULL is the usual case */
  readonly nullable?: true;
  /** an SQL expression */
  readonly default?: string;
  readonly generated?: Generated;
  readonly identity?: Identity;
  /** serial on PostgreSQL (the owned sequence and its nextval default are not told apart from it), AUTO_INCREMENT on MySQL */
  readonly autoIncrement?: true;
  /** the owned sequence of an autoIncrement column, only where its name is not the one PostgreSQL derives; not compared */
  readonly sequence?: string;
  /** MySQL: an SQL expression */
  readonly onUpdate?: string;
  readonly charset?: string;
  readonly collation?: string;
  readonly comment?: string;
}

export interface Generated {
  readonly expression: string;
  readonly stored: boolean;
}

export interface Identity {
  readonly always: boolean;
  /** sequence options in the database's words, only where they differ from the default ones: `START WITH 100` */
  readonly options?: string;
}

export interface PrimaryKey {
  /** MySQL has none */
  readonly name?: string;
  readonly columns: readonly string[];
}

/** On MySQL a unique constraint is a unique index: there it stands among the indexes, never here. */
export interface Unique {
  readonly name: string;
  readonly columns: readonly string[];
  readonly deferrable?: Deferrable;
  readonly nullsNotDistinct?: true;
}

export type Deferrable = "immediate" | "deferred";

export interface Index {
  readonly name: string;
  readonly columns: readonly IndexColumn[];
  readonly unique?: true;
  /** `fulltext` and `spatial` are MySQL's; on PostgreSQL they are methods */
  readonly kind?: "fulltext" | "spatial";
  /** the access method, where it is not the default (btree) */
  readonly method?: string;
  readonly where?: string;
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: true;
  /** MySQL: the full-text parser */
  readonly parser?: string;
  /** storage parameters in the database's words: `fillfactor=70` */
  readonly options?: string;
  readonly comment?: string;
}

/** A plain ascending column is its name alone. */
export type IndexColumn = string | IndexPart;

export interface IndexPart {
  /** one of the two */
  readonly column?: string;
  readonly expression?: string;
  readonly order?: "desc";
  /** only where it is not what the order implies (last for ascending, first for descending) */
  readonly nulls?: "first" | "last";
  readonly collation?: string;
  readonly opclass?: string;
  /** MySQL: the length of a prefix */
  readonly prefix?: number;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: Reference;
  readonly onDelete?: Action;
  readonly onUpdate?: Action;
  readonly deferrable?: Deferrable;
  readonly match?: "full";
}

export interface Reference {
  readonly schema?: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export type Action = "CASCADE" | "SET NULL" | "SET DEFAULT" | "RESTRICT";

export interface Check {
  readonly name: string;
  /** without the outer parentheses */
  readonly expression: string;
}

export interface Exclusion {
  readonly name: string;
  /** what follows EXCLUDE: `USING gist (room WITH =, during WITH &&)` */
  readonly expression: string;
  readonly deferrable?: Deferrable;
}

export interface View extends QualifiedName {
  /** the SELECT as its author writes it: TypeORM remembers it so, down to a semicolon at its end */
  readonly definition: string;
  readonly materialized?: true;
  /** of a materialised view */
  readonly indexes: readonly Index[];
  /** names of indexes that were there before the revisions, as a table's */
  readonly adopted?: readonly string[];
  readonly comment?: string;
  /** what it reads, as far as it is known; orders the views, is not compared */
  readonly reads?: readonly ViewRead[];
}

export interface ViewRead extends QualifiedName {
  readonly columns?: readonly string[];
}

/** What the entities call the columns, by the key of the table and the column's name: no part of the schema, but evidence for a rename. */
export type PropertyNames = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

export const emptySchema: Schema = {
  namespaces: [],
  extensions: [],
  enums: [],
  tables: [],
  views: [],
  external: [],
};

/** A key that is the same for the same name, whatever characters the names have. */
export function keyOf(name: QualifiedName): string {
  return name.schema === undefined ? name.name : `${name.schema}\u0000${name.name}`;
}

/** How people read a name: `app.exams`, `exams`. Not for SQL. */
export function labelOf(name: QualifiedName): string {
  return name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
}
