import type { Db } from "../../src/core/db.ts";

type Flavor = Db["flavor"];

const imports = `import {
  ChildEntity, Column, CreateDateColumn, DeleteDateColumn, Entity, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, OneToOne, PrimaryColumn,
  PrimaryGeneratedColumn, TableInheritance, Tree, TreeChildren, TreeParent, Unique, UpdateDateColumn, VersionColumn, ViewColumn, ViewEntity,
} from "typeorm";
`;

/** Every sort of table, key, index and view that decorators can say on MariaDB, in two databases: before and after a change of most of it. */
export const structureModel = (state: "before" | "after"): string => {
  const or = (before: string, after: string): string => (state === "before" ? before : after);
  return `${imports}
const far = process.env.FAR_DATABASE;

export class Address {
  @Column({ length: 40${or("", ", nullable: true")} }) street!: string;
  @Column({ ${or('default: "DE"', 'default: "FR", length: 2')} }) country!: string;
  ${or("", "@Column({ nullable: true }) zip!: string;")}
}

@Entity({ comment: "${or("who", "who it's")}" })
@Unique("person_email", ["email", "tenant"])
@Index("person_name", ["name"${or("", ', "age"')}])
@Index("person_words", ["words"], { fulltext: true })
@Index("person_place", ["place"], { spatial: true })
export class Person {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ collation: "${or("utf8mb4_bin", "utf8mb4_unicode_ci")}", comment: "${or("how", "how they are called")}" }) name!: string;
  @Column({ length: 100 }) email!: string;
  @Column(${or("{ default: 1 }", "{ default: 2 }")}) tenant!: number;
  @Column() age!: number;
  @Column("text") words!: string;
  @Column("point") place!: string;
  @Column(() => Address) home!: Address;
  @Column({ asExpression: "CONCAT(name, '${or("-", "_")}', age)", generatedType: "STORED", nullable: true }) label!: string;
  @Index() @Column("int", { asExpression: "age * ${or("2", "3")}", generatedType: "VIRTUAL", nullable: true }) ages!: number;
  @Column("int", { asExpression: "age + 1", generatedType: "${or("VIRTUAL", "STORED")}", nullable: true }) older!: number;
  @Column("int", ${or('{ asExpression: "Age - 1", generatedType: "VIRTUAL", nullable: true }', "{ nullable: true }")}) younger!: number;
  @VersionColumn() version!: number;
}

@Entity()
export class Booking {
  @PrimaryColumn() room!: number;
  @PrimaryColumn({ length: 10 }) slot!: string;
  @ManyToOne(() => Person, { onDelete: "${or("CASCADE", "NO ACTION")}", onUpdate: "${or("NO ACTION", "CASCADE")}" }) person!: any;
  @ManyToOne(() => Booking, { nullable: true${or("", ', onDelete: "SET NULL"')} }) previous!: any;
  @OneToOne(() => Content, { onDelete: "${or("RESTRICT", "NO ACTION")}", onUpdate: "${or("NO ACTION", "RESTRICT")}" }) @JoinColumn({ name: "what", foreignKeyConstraintName: "booking_what" }) content!: any;
}

@Entity({ engine: "${or("InnoDB", "MyISAM")}" })
export class Note {
  @PrimaryColumn({ length: 36 }) id!: string;
  @Column() text!: string;
}

@Entity({ engine: "${or("MyISAM", "InnoDB")}" })
export class Memo {
  @PrimaryColumn() id!: number;
  @Column() text!: string;
}

@Entity()
@TableInheritance({ column: { type: "varchar", name: "type"${or("", ", length: 20")} } })
export class Content {
  @PrimaryGeneratedColumn("increment", { type: "bigint" }) id!: string;
  @Column({ length: 50 }) @Index(${or("", "{ unique: true }")}) title!: string;
  @ManyToMany(() => Person) @JoinTable({ name: "content_readers" }) readers!: any;
  ${or("", "@ManyToMany(() => Booking) @JoinTable() bookings!: any;")}
}
@ChildEntity() export class Photo extends Content {
  @Column({ nullable: true }) size!: number;
}
@ChildEntity("q") export class Question extends Content {
  @Column({ default: 0 }) answers!: number;
  ${or("", '@Column("simple-array", { nullable: true }) hints!: string[];')}
}

@Entity() @Tree("closure-table", { closureTableName: "topic_tree" }) export class Topic {
  @PrimaryGeneratedColumn(${or("", '"increment", { type: "bigint", unsigned: true }')}) id!: number;
  @TreeParent({ onDelete: "CASCADE" }) parent!: any;
  @TreeChildren() children!: any;
}
@Entity() @Tree("nested-set") export class Region {
  @PrimaryGeneratedColumn("uuid") id!: string;
  @TreeParent() parent!: any;
  @TreeChildren() children!: any;
}
@Entity() @Tree("materialized-path") export class Folder {
  @PrimaryGeneratedColumn() id!: number;
  @Column(${or("", "{ length: 80 }")}) name!: string;
  @TreeParent() parent!: any;
  @TreeChildren() children!: any;
}

@Entity({ database: far }) export class Account {
  @PrimaryGeneratedColumn(${or("", '"increment", { type: "bigint" }')}) id!: number;
  @Column({ unique: true, length: ${or("40", "90")} }) iban!: string;
  @CreateDateColumn() made!: Date;
  @UpdateDateColumn({ ${or('precision: 3, default: () => "CURRENT_TIMESTAMP(3)", onUpdate: "CURRENT_TIMESTAMP(3)"', "precision: 6")} }) changed!: Date;
  @DeleteDateColumn() gone!: Date;
}
@Entity() export class Payment {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => Account, { onDelete: "${or("CASCADE", "SET NULL")}" }) account!: any;
}
${or("", '@Entity({ database: far }) export class Bank { @PrimaryColumn("char", { length: 8 }) bic!: string; }')}

@ViewEntity({ expression: \`SELECT id, name, age${or("", ", email")} FROM person WHERE age > 17;\` }) export class Adults {
  @ViewColumn() id!: number;
  @ViewColumn() name!: string;
}
@ViewEntity({ expression: (source) => source.createQueryBuilder().select("a.id", "id").addSelect("count(*)", "n").from(Adults, "a").groupBy("a.id"), dependsOn: [Adults] })
export class Counted {
  @ViewColumn() id!: number;
}
@ViewEntity({ expression: \`SELECT p.id, a.iban${or("", ", a.made")} FROM payment p JOIN \${far}.account a ON a.id = p.accountId\`, database: far }) export class Paid {
  @ViewColumn() id!: number;
}
`;
};

/** The types that TypeORM's driver accepts, with what can be said besides: before and after a change. */
const types: readonly (readonly [type: string, before: string, after: string])[] = [
  ["bit", "", "nullable: true"],
  ["int", "default: 5", "default: 6, unsigned: true"],
  ["integer", "width: 4", "width: 9"],
  ["tinyint", "width: 1, default: 0", "width: 1, default: 1"],
  ["smallint", "", "nullable: true"],
  ["mediumint", "unsigned: true", "unsigned: true, default: 7"],
  ["bigint", 'default: "5"', 'default: "-5"'],
  ["float", "default: 0", "default: 1"],
  ["double", "precision: 10, scale: 2", "precision: 12, scale: 3"],
  ["double precision", "", "nullable: true"],
  ["real", "", ""],
  ["dec", "precision: 6", "precision: 8"],
  ["decimal", "precision: 10, scale: 2, default: 1.5", "precision: 12, scale: 4, default: 1.5"],
  ["numeric", 'default: "3"', 'default: "4"'],
  ["fixed", "unsigned: true", 'unsigned: true, comment: "it\'s"'],
  ["bool", "default: true", "default: false"],
  ["boolean", "default: false", "default: false"],
  ["date", 'default: () => "(CURRENT_DATE)"', 'default: "2020-01-31"'],
  ["time", "precision: 0", "precision: 3"],
  ["datetime", 'default: () => "CURRENT_TIMESTAMP"', 'default: () => "CURRENT_TIMESTAMP", onUpdate: "CURRENT_TIMESTAMP"'],
  ["timestamp", 'precision: 3, default: () => "CURRENT_TIMESTAMP(3)"', 'precision: 6, default: () => "CURRENT_TIMESTAMP(6)"'],
  ["year", "default: 2000", "default: 2001"],
  ["char", 'length: 5, default: "x"', 'length: 6, default: "y"'],
  ["varchar", 'length: 20, default: "its"', 'length: 300, default: "it is"'],
  ["nvarchar", "length: 20", "length: 20, nullable: true"],
  ["text", "default: () => \"('a')\"", "default: () => \"('b')\""],
  ["tinytext", "", ""],
  ["mediumtext", "nullable: true", ""],
  ["longtext", "", 'collation: "utf8mb4_bin"'],
  ["blob", "", ""],
  ["tinyblob", "nullable: true", "nullable: true"],
  ["mediumblob", "", ""],
  ["longblob", "", ""],
  ["binary", "length: 4", "length: 8"],
  ["varbinary", "length: 10", "length: 20"],
  ["enum", 'enum: ["a", "b"], default: "a"', 'enum: ["c", "a", "b"], default: "c"'],
  ["simple-enum", "enum: [1, 2]", "enum: [1, 2, 3], default: 3"],
  ["set", 'enum: ["x", "y"], default: ["x"]', 'enum: ["x", "y", "z"], default: ["x", "z"]'],
  ["json", "default: () => \"('{}')\"", 'default: () => "(json_array())"'],
  ["simple-array", "default: () => \"('a,b')\"", "default: () => \"('b')\""],
  ["simple-json", "", "nullable: true"],
  ["geometry", "", "nullable: true"],
  ["point", "", ""],
  ["linestring", "", ""],
  ["polygon", "", ""],
  ["multipoint", "", ""],
  ["multilinestring", "", ""],
  ["multipolygon", "", ""],
  ["geometrycollection", "", ""],
  ["uuid", "", "nullable: true"],
];
const mariadbOnly: typeof types = [
  ["inet4", "", ""],
  ["inet6", "nullable: true", ""],
];
const typesOf = (flavor: Flavor): typeof types => (flavor === "mariadb" ? [...types, ...mariadbOnly] : types);

/** One entity with a column of each type. */
export function typesModel(state: "before" | "after", flavor: Flavor): string {
  const columns = typesOf(flavor).map(
    ([type, before, after]) => `  @Column("${type}", { ${state === "before" ? before : after} }) ${columnName(type)}!: any;`,
  );
  return `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity({ comment: "${state}" }) export class Types {
  @PrimaryGeneratedColumn() id!: number;
${columns.join("\n")}
}
`;
}

const columnName = (name: string): string => `c_${name.replace(/\W/g, "_")}`;

/** The columns that really change: the width of an integer means nothing. */
export const changedTypes = (flavor: Flavor): readonly string[] =>
  typesOf(flavor)
    .filter(([type, before, after]) => before !== after && type !== "integer")
    .map(([type]) => columnName(type))
    .sort();
