const imports = `import {
  Check, ChildEntity, Column, Entity, Exclusion, Generated, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, OneToMany, OneToOne,
  PrimaryColumn, PrimaryGeneratedColumn, TableInheritance, Tree, TreeChildren, TreeParent, Unique, VersionColumn, ViewColumn, ViewEntity,
} from "typeorm";
`;

/** Every sort of table, key, index and view that decorators can say: before and after a change of most of it. */
export const structureModel = (state: "before" | "after"): string => {
  const or = (before: string, after: string): string => (state === "before" ? before : after);
  return `${imports}
export class Address {
  @Column({ length: 40${or("", ", nullable: true")} }) street!: string;
  @Column({ ${or('default: "DE"', 'default: "FR", length: 2')} }) country!: string;
  ${or("", "@Column({ nullable: true }) zip!: string;")}
}

@Entity({ schema: "app", comment: "${or("who", "who it is")}" })
@Unique("person_email", ["email", "tenant"]${or("", ', { deferrable: "INITIALLY DEFERRED" }')})
@Check("person_age", ${or('`"age" >= 0`', '`"age" BETWEEN 0 AND 150`')})
@Index("person_name", ["name"], { ${or('where: `"age" > 17`', 'where: `"age" > 20`, unique: true')} })
@Index("person_words", ["words"], { type: "${or("gin", "gist")}" })
@Index("person_hash", ["email"], { type: "hash" })
@Index("person_place", ["place"], { spatial: true })
@Index("person_by_hand", { synchronize: false })
export class Person {
  @PrimaryGeneratedColumn("identity", { generatedIdentity: "${or("ALWAYS", "BY DEFAULT")}" }) id!: number;
  @Column({ collation: "${or("C", "POSIX")}", comment: "${or("how", "how they are called")}" }) name!: string;
  @Column() email!: string;
  @Column(${or("{ default: 1 }", "{ default: 2 }")}) tenant!: number;
  @Column() age!: number;
  @Column("tsvector") words!: string;
  @Column("point") place!: string;
  @Column(() => Address) home!: Address;
  @Column("int", { asExpression: \`"age" ${or("* 2", "* 3")}\`, generatedType: "STORED" }) ages!: number;
  @Column() @Generated("increment") serial!: number;
  @Column("uuid") @Generated("uuid") token!: string;
  @VersionColumn() version!: number;
  @Column({ type: "enum", enum: ["a", "b"${or("", ', "c"')}], enumName: "Mood", default: "a" }) mood!: string;
  @OneToMany(() => Booking, (booking) => booking.person) bookings!: any;
}

@Entity()
@Exclusion("booking_once", \`USING gist ("room" WITH =, "during" WITH &&)${or("", ' WHERE ("room" > 0)')}\`)
export class Booking {
  @PrimaryColumn() room!: number;
  @PrimaryColumn({ length: 10 }) slot!: string;
  @Column("tstzrange", { nullable: true }) during!: string;
  @Column({ type: "enum", enum: ["a", "b"${or("", ', "c"')}], enumName: "Mood", array: true, default: ["b"] }) moods!: string[];
  @ManyToOne(() => Person, (person) => person.bookings, { onDelete: "${or("CASCADE", "RESTRICT")}", onUpdate: "${or("NO ACTION", "CASCADE")}" })
  person!: any;
  @ManyToOne(() => Booking, { ${or("", 'deferrable: "INITIALLY IMMEDIATE", ')}nullable: true }) previous!: any;
  @OneToOne(() => Content) @JoinColumn({ name: "what", foreignKeyConstraintName: "booking_what" }) content!: any;
}

@Entity()
@TableInheritance({ column: { type: "varchar", name: "type" } })
export class Content {
  @PrimaryGeneratedColumn("increment", { type: "bigint" }) id!: string;
  @Column() @Index(${or("", "{ unique: true }")}) title!: string;
  @ManyToMany(() => Person) @JoinTable({ name: "content_readers", schema: "app" }) readers!: any;
  ${or("", "@ManyToMany(() => Booking) @JoinTable() bookings!: any;")}
}
@ChildEntity() export class Photo extends Content {
  @Column({ nullable: true }) size!: number;
}
@ChildEntity("q") export class Question extends Content {
  @Column({ default: 0 }) answers!: number;
  ${or("", '@Column("text", { array: true, default: [] }) hints!: string[];')}
}

@Entity() @Tree("closure-table", { closureTableName: "topic_tree" }) export class Topic {
  @PrimaryGeneratedColumn(${or("", '"increment", { type: "bigint" }')}) id!: number;
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
  @Column() name!: string;
  @TreeParent() parent!: any;
  @TreeChildren() children!: any;
}

@ViewEntity({ expression: \`SELECT id, name, age ${or("", ", email ")} FROM app.person WHERE age > 17\` }) export class Adults {
  @ViewColumn() id!: number;
  @ViewColumn() name!: string;
}
@ViewEntity({ schema: "app", expression: (source) => source.createQueryBuilder().select("a.id", "id").addSelect("count(*)", "n").from(Adults, "a").groupBy("a.id"), dependsOn: [Adults] })
export class Counted {
  @ViewColumn() id!: number;
}
@ViewEntity({ materialized: true, expression: \`SELECT id, name FROM adults;\`, dependsOn: [Adults] })
@Index("kept_id", ["id"]${or("", ", { unique: true }")})
export class Kept {
  @ViewColumn() id!: number;
  @ViewColumn() name!: string;
}
`;
};
