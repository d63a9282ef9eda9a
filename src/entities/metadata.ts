/** What is read of TypeORM's metadata: the same words in 0.3 and 1.x, whichever copy the project has. */
export interface DataSource {
  readonly options: Readonly<Record<string, unknown>>;
  readonly driver: Driver;
  readonly namingStrategy: NamingStrategy;
  readonly entityMetadatas: readonly EntityMetadata[];
  buildMetadatas(): Promise<void>;
}

export interface NamingStrategy {
  primaryKeyName(table: string, columns: string[]): string;
  columnName(property: string, given: string | undefined, prefixes: string[]): string;
  joinColumnName(relation: string, referenced: string): string;
}

export interface Driver {
  database?: string;
  version?: string;
  uuidColumnTypeSuported?: boolean;
  isGeneratedColumnsSupported?: boolean;
  readonly uuidGenerator?: string;
  normalizeType(column: ColumnMetadata): string;
  normalizeDefault(column: ColumnMetadata): string | undefined;
  getColumnLength(column: ColumnMetadata): string;
}

export interface EntityMetadata {
  readonly name: string;
  readonly target: unknown;
  readonly tableName: string;
  readonly tableType: string;
  readonly schema?: string;
  readonly database?: string;
  readonly synchronize: boolean;
  readonly engine?: string;
  readonly comment?: string;
  readonly expression?: string | ((dataSource: DataSource) => { getQuery(): string });
  readonly dependsOn?: ReadonlySet<unknown>;
  readonly columns: readonly ColumnMetadata[];
  readonly primaryColumns: readonly ColumnMetadata[];
  readonly indices: readonly IndexMetadata[];
  readonly uniques: readonly UniqueMetadata[];
  readonly checks: readonly { readonly name: string; readonly expression: string }[];
  readonly exclusions: readonly { readonly name: string; readonly expression: string; readonly deferrable?: string }[];
  readonly foreignKeys: readonly ForeignKeyMetadata[];
  readonly tableMetadataArgs: { readonly materialized?: boolean };
}

export interface ColumnMetadata {
  readonly databaseName: string;
  readonly propertyName: string;
  readonly propertyPath: string;
  readonly embeddedMetadata?: { readonly parentPrefixes: readonly string[] };
  /** of a join column */
  readonly relationMetadata?: { readonly propertyName: string };
  readonly referencedColumn?: { readonly propertyName: string };
  readonly type: unknown;
  readonly length?: string | number;
  readonly precision?: number | null;
  readonly scale?: number | null;
  readonly width?: number;
  readonly unsigned?: boolean;
  readonly zerofill?: boolean;
  readonly isArray?: boolean;
  readonly isNullable: boolean;
  readonly isPrimary: boolean;
  readonly isGenerated: boolean;
  readonly generationStrategy?: string;
  readonly generatedIdentity?: string;
  readonly isVirtualProperty?: boolean;
  readonly default?: unknown;
  readonly onUpdate?: string;
  readonly enum?: readonly unknown[];
  readonly enumName?: string;
  readonly comment?: string;
  readonly charset?: string;
  readonly collation?: string;
  readonly asExpression?: string;
  readonly generatedType?: string;
  readonly primaryKeyConstraintName?: string;
  readonly spatialFeatureType?: string;
  readonly srid?: number;
}

export interface IndexMetadata {
  readonly name: string;
  readonly columns: readonly ColumnMetadata[];
  readonly isUnique: boolean;
  readonly isSpatial: boolean;
  readonly isFulltext: boolean;
  readonly synchronize: boolean;
  readonly where?: string;
  readonly parser?: string;
  readonly type?: string;
}

export interface UniqueMetadata {
  readonly name: string;
  readonly columns: readonly ColumnMetadata[];
  readonly deferrable?: string;
}

export interface ForeignKeyMetadata {
  readonly name: string;
  readonly columnNames: readonly string[];
  readonly referencedColumnNames: readonly string[];
  readonly referencedEntityMetadata: EntityMetadata;
  readonly onDelete?: string;
  readonly onUpdate?: string;
  readonly deferrable?: string;
}
