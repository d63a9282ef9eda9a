import "reflect-metadata";
import {
  Check,
  ChildEntity,
  Column,
  CreateDateColumn,
  DataSource,
  Entity,
  type EntityMetadata,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  Tree,
  TreeChildren,
  TreeParent,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  ViewColumn,
  ViewEntity,
} from "typeorm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Server } from "../../src/core/db.ts";
import type { Action, Column as ColumnOf, Schema, Table } from "../../src/core/schema.ts";
import { canonical } from "../../src/dialect/mysql/canonical.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { introspect } from "../../src/dialect/mysql/introspect/index.ts";
import { normalize } from "../../src/dialect/mysql/normalize.ts";
import { engines, useDatabase } from "../support/databases.ts";

@Entity()
@Tree("closure-table")
class Topic {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 50, unique: true, comment: "it's a name" }) name!: string;
  @TreeChildren() children!: Topic[];
  @TreeParent({ onDelete: "CASCADE" }) parent!: Topic | null;
}

@Entity({ comment: "people" })
@Unique("UQ_person", ["email", "tenant"])
class Person {
  @PrimaryGeneratedColumn("uuid") id!: string;
  @Column() email!: string;
  @Column({ default: 0 }) tenant!: number;
  @Column({ default: true }) active!: boolean;
  @Column("enum", { enum: ["a,b", "it's", "c"], default: "c" }) kind!: string;
  @Column("simple-enum", { enum: ["x", "y"], nullable: true }) other!: string | null;
  @Column("simple-array", { nullable: true }) words!: string[] | null;
  @Column("decimal", { precision: 10, scale: 2, default: 1.5 }) price!: string;
  @Column("json", { nullable: true, default: () => "('{}')" }) options!: object | null;
  @Column({ length: 36, default: () => "(uuid())" }) token!: string;
  @Column("date", { default: () => "(CURRENT_DATE)" }) day!: string;
  @Column({ default: "😀" }) face!: string;
  @Column("int", { unsigned: true, nullable: true }) age!: number | null;
  @Column("bigint", { default: 5 }) big!: string;
  @Column({ type: "varchar", length: 20, charset: "latin1", collation: "latin1_bin", nullable: true }) latin!: string | null;
  @Column({ type: "varchar", asExpression: "concat(`email`, 'x')", generatedType: "STORED", nullable: true }) label!: string;
  @CreateDateColumn() made!: Date;
  // of six digits by itself, which MySQL does not cut to three
  @UpdateDateColumn({ precision: 3, default: () => "CURRENT_TIMESTAMP(3)", onUpdate: "CURRENT_TIMESTAMP(3)" }) changed!: Date;
  @Column("timestamp", { default: () => "CURRENT_TIMESTAMP" }) seen!: Date;
  @VersionColumn() version!: number;
}

@Entity()
@Check("CK_score", "(`score` >= 0) AND (score <= 100)")
@Index("IDX_words", ["body"], { fulltext: true })
@Index(["score", "room"])
class Exam {
  @PrimaryGeneratedColumn() id!: number;
  @Column("int") score!: number;
  @Column("int") room!: number;
  @Column("text") body!: string;
  @Index({ spatial: true }) @Column("point") place!: string;
  @ManyToOne(() => Person, { onDelete: "SET NULL", onUpdate: "CASCADE" }) person!: Person | null;
  @Index() @ManyToOne(() => Person, { nullable: false, onDelete: "RESTRICT" }) author!: Person;
  @OneToOne(() => Topic, { onDelete: "NO ACTION" }) @JoinColumn() topic!: Topic;
  @ManyToMany(() => Topic) @JoinTable() topics!: Topic[];
  @OneToMany(
    () => Answer,
    (answer) => answer.exam,
  )
  answers!: Answer[];
}

@Entity()
@Tree("materialized-path")
class Answer {
  @PrimaryColumn({ length: 40 }) key!: string;
  @PrimaryColumn("smallint") place!: number;
  @ManyToOne(
    () => Exam,
    (exam) => exam.answers,
    { onDelete: "CASCADE" },
  )
  exam!: Exam;
  @TreeParent() above!: Answer | null;
  @TreeChildren() below!: Answer[];
}

class Size {
  @Column("int", { unsigned: true, default: 3 }) width!: number;
  @Column("set", { enum: ["a", "b's", "c"], default: ["a", "c"] }) sides!: string[];
}

@Entity({ engine: "InnoDB" })
@TableInheritance({ column: { type: "varchar", name: "kind", length: 20 } })
class Shape {
  @PrimaryGeneratedColumn() id!: number;
  @Column(() => Size) size!: Size;
  @Column("datetime", { precision: 3, default: () => "CURRENT_TIMESTAMP(3)", onUpdate: "CURRENT_TIMESTAMP(3)" }) touched!: Date;
}

@ChildEntity()
class Circle extends Shape {
  @Column("float", { nullable: true }) radius!: number | null;
  @ManyToOne(() => Topic, { onDelete: "SET NULL" }) topic!: Topic | null;
}

@ViewEntity({ expression: "SELECT e.id AS id, p.email AS `email` FROM exam e INNER JOIN person p ON p.id = e.authorId WHERE e.score > 50" })
class GoodExam {
  @ViewColumn() id!: number;
  @ViewColumn() email!: string;
}

describe.runIf(engines.includes("mysql"))("right after TypeORM's synchronize", () => {
  const database = useDatabase("mysql");
  let source: DataSource;
  let server: Server;

  beforeAll(async () => {
    server = await identify(database.db);
    source = new DataSource({
      type: server.flavor === "mariadb" ? "mariadb" : "mysql",
      url: database.url,
      entities: [Topic, Person, Exam, Answer, Shape, Circle, GoodExam],
      charset: "utf8mb4",
    });
    await source.initialize();
    await source.synchronize();
  });
  afterAll(() => source?.destroy());

  it("the models and the database are the same", async () => {
    const found = await introspect(database.db, server, { schemas: [], ignore: [{ name: "typeorm_metadata" }] });
    const had = normalize(found.schema, server);
    const wanted = normalize(modelsOf(source), server);
    const answer = await canonical(database.db, server, wanted, had);
    expect([...found.notCompared, ...answer.notCompared]).toEqual([]);
    expect(inOneOrder(answer.wanted)).toEqual(inOneOrder(had));
  });
});

/** The driver's own words for the entities. */
function modelsOf(source: DataSource): Schema {
  const metadatas = source.entityMetadatas;
  const views = metadatas.filter((each) => each.tableType === "view");
  return {
    namespaces: [],
    extensions: [],
    enums: [],
    tables: metadatas.filter((each) => each.tableType !== "view" && each.tableType !== "entity-child").map((each) => tableOf(each, source)),
    views: views.map((each) => ({ name: each.tableName, definition: String(each.expression), indexes: [] })),
    external: [],
  };
}

function tableOf(metadata: EntityMetadata, source: DataSource): Table {
  const action = (text: string | undefined) => (text && text !== "NO ACTION" ? (text as Action) : undefined);
  const names = (columns: readonly { readonly databaseName: string }[]) => columns.map((column) => column.databaseName);
  return {
    name: metadata.tableName,
    columns: metadata.columns.filter((column) => !column.isVirtualProperty).map((column) => columnOf(column, source)),
    primaryKey: { columns: names(metadata.primaryColumns) },
    uniques: [],
    indexes: metadata.indices.map((index) => ({
      name: index.name,
      columns: names(index.columns),
      ...(index.isUnique && { unique: true as const }),
      ...(index.isFulltext && { kind: "fulltext" as const }),
      ...(index.isSpatial && { kind: "spatial" as const }),
    })),
    foreignKeys: metadata.foreignKeys.map((key) => {
      const [onDelete, onUpdate] = [action(key.onDelete), action(key.onUpdate)];
      return {
        name: key.name,
        columns: key.columnNames,
        references: { table: key.referencedEntityMetadata.tableName, columns: key.referencedColumnNames },
        ...(onDelete && { onDelete }),
        ...(onUpdate && { onUpdate }),
      };
    }),
    // TypeORM makes none on this engine
    checks: [],
    exclusions: [],
    ...(metadata.comment && { comment: metadata.comment }),
  };
}

function columnOf(column: EntityMetadata["columns"][number], source: DataSource): ColumnOf {
  const { driver } = source;
  const length = driver.getColumnLength(column) || undefined;
  const parts = { type: driver.normalizeType(column), length, precision: column.precision, scale: column.scale, isArray: false };
  const type = driver.createFullType(parts as never) + (column.unsigned ? " unsigned" : "");
  const values = column.enum ? `(${column.enum.map((value) => `'${String(value).replaceAll("'", "''")}'`).join(", ")})` : "";
  const value = driver.normalizeDefault(column);
  return {
    name: column.databaseName,
    type: type + values,
    ...(column.isNullable && { nullable: true as const }),
    ...(value !== undefined && { default: value }),
    ...(column.asExpression && { generated: { expression: column.asExpression, stored: column.generatedType === "STORED" } }),
    ...(column.isGenerated && column.generationStrategy === "increment" && { autoIncrement: true as const }),
    ...(column.onUpdate && { onUpdate: column.onUpdate }),
    ...(column.charset && { charset: column.charset }),
    ...(column.collation && { collation: column.collation }),
    ...(column.comment && { comment: column.comment }),
  };
}

function inOneOrder(schema: Schema): Schema {
  const byName = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
    [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
  const tables = byName(schema.tables).map((table) => ({
    ...table,
    columns: byName(table.columns),
    indexes: byName(table.indexes),
    foreignKeys: byName(table.foreignKeys),
  }));
  return { ...schema, tables, views: byName(schema.views).map(({ reads: _, ...view }) => view) };
}
