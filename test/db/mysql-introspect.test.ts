import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db, Server } from "../../src/core/db.ts";
import type { Schema, Table } from "../../src/core/schema.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { introspect } from "../../src/dialect/mysql/introspect/index.ts";
import { normalize } from "../../src/dialect/mysql/normalize.ts";
import { engines, useDatabase } from "../support/databases.ts";

const none = { uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };

describe.runIf(engines.includes("mysql"))("the schema of a MariaDB or MySQL database", () => {
  const database = useDatabase("mysql");
  const other = useDatabase("mysql");
  let server: Server;
  let schema: Schema;
  let notCompared: readonly { readonly what: string }[];
  const read = async (db: Db = database.db) => introspect(db, server, { schemas: [other.name], ignore: [{ name: "typeorm_metadata" }] });
  const table = (name: string): Table | undefined => schema.tables.find((each) => each.name === name);

  beforeAll(async () => {
    await database.db.batch([
      `CREATE TABLE \`${other.name}\`.regions (id int PRIMARY KEY, name varchar(20) UNIQUE)`,
      "CREATE TABLE typeorm_metadata (id int)",
      "CREATE TABLE people (id bigint unsigned AUTO_INCREMENT, code char(3) NOT NULL, PRIMARY KEY (id, code)) COMMENT 'who''s who'",
      `CREATE TABLE exams (
        id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
        title varchar(50) NOT NULL DEFAULT 'it''s \\\\ "new"' COMMENT 'what it is called',
        latin varchar(20) CHARACTER SET latin1,
        code varchar(20) COLLATE utf8mb4_bin,
        face varchar(10) DEFAULT '😀?',
        raw varbinary(8) DEFAULT x'00ff',
        amount decimal(10,2) unsigned DEFAULT 1.5,
        done tinyint(1) NOT NULL DEFAULT false,
        flags bit(4) DEFAULT b'0101',
        padded int(5) unsigned zerofill,
        options json,
        made datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
        day date DEFAULT (CURRENT_DATE),
        double_amount decimal(12,2) AS (amount * 2) VIRTUAL,
        label varchar(80) AS (concat(title, '😀')) STORED,
        person_id bigint unsigned, person_code char(3), region_id int,
        place point NOT NULL, body text,
        UNIQUE KEY uq_title (title, code), KEY by_body (body(20), amount DESC), FULLTEXT KEY words (body), SPATIAL KEY places (place),
        KEY commented (done) COMMENT 'slow',
        CONSTRAINT fk_person FOREIGN KEY (person_id, person_code) REFERENCES people (id, code) ON DELETE SET NULL ON UPDATE CASCADE,
        CONSTRAINT fk_region FOREIGN KEY (region_id) REFERENCES \`${other.name}\`.regions (id) ON DELETE RESTRICT,
        CONSTRAINT ck_amount CHECK (amount > 0 AND title <> '😀')
      ) COMMENT 'all exams'`,
      "CREATE TABLE plain (a int) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci",
      "CREATE TABLE quick (a int, b int, KEY by_a (a), KEY by_b (b) USING BTREE) ENGINE=MEMORY",
      "CREATE VIEW open_exams AS SELECT e.id, e.title AS `The title` FROM exams e JOIN people p ON p.id = e.person_id WHERE e.title <> '😀'",
      `CREATE VIEW everywhere AS SELECT o.id, r.name FROM open_exams o JOIN \`${other.name}\`.regions r ON r.id = o.id`,
    ]);
    server = await identify(database.db);
    const found = await read();
    notCompared = found.notCompared;
    schema = normalize(found.schema, server);
  });

  // its foreign key reaches into the other database
  afterAll(() => database.db.query("DROP TABLE exams"));

  it("has every table, in its database, without the tool's own", () => {
    const names = schema.tables.map(({ schema: where, name }) => [where, name]);
    expect(names).toEqual([
      [undefined, "exams"],
      [undefined, "people"],
      [undefined, "plain"],
      [undefined, "quick"],
      [other.name, "regions"],
    ]);
    expect(table("regions")).toEqual({
      ...none,
      schema: other.name,
      name: "regions",
      columns: [
        { name: "id", type: "int" },
        { name: "name", type: "varchar(20)", nullable: true },
      ],
      primaryKey: { columns: ["id"] },
      indexes: [{ name: "name", columns: ["name"], unique: true }],
    });
    expect(table("people")?.comment).toBe("who's who");
  });

  it("says a table's engine, character set and collation where they are not the server's", () => {
    expect(table("plain")).toEqual({
      ...none,
      name: "plain",
      columns: [{ name: "a", type: "int", nullable: true }],
      engine: "MyISAM",
      collation: "utf8mb4_unicode_ci",
    });
    expect(table("exams")?.engine).toBeUndefined();
  });

  it("says how an index is kept where it is not the engine's own way", () => {
    const indexes = [
      { name: "by_a", columns: ["a"] },
      { name: "by_b", columns: ["b"], method: "btree" },
    ];
    expect(table("quick")?.indexes).toEqual(indexes);
    const said = indexes.map((index) => ({ method: "hash", ...index }));
    const models: Schema = { ...schema, tables: [{ ...none, name: "quick", columns: [], engine: "MEMORY", indexes: said }] };
    expect(normalize(models, server).tables[0]?.indexes).toEqual(indexes);
  });

  it("has every column whole", () => {
    expect(table("exams")?.columns).toEqual([
      { name: "id", type: "int", autoIncrement: true },
      { name: "title", type: "varchar(50)", default: `'it''s \\\\ "new"'`, comment: "what it is called" },
      { name: "latin", type: "varchar(20)", nullable: true, charset: "latin1" },
      { name: "code", type: "varchar(20)", nullable: true, collation: "utf8mb4_bin" },
      { name: "face", type: "varchar(10)", nullable: true, default: "'😀?'" },
      { name: "raw", type: "varbinary(8)", nullable: true, default: "x'00ff'" },
      { name: "amount", type: "decimal(10,2) unsigned", nullable: true, default: "1.50" },
      { name: "done", type: "tinyint(1)", default: "0" },
      { name: "flags", type: "bit(4)", nullable: true, default: "b'101'" },
      { name: "padded", type: "int(5) unsigned zerofill", nullable: true },
      { name: "options", type: "json", nullable: true },
      { name: "made", type: "datetime(6)", default: "CURRENT_TIMESTAMP(6)", onUpdate: "CURRENT_TIMESTAMP(6)" },
      { name: "day", type: "date", nullable: true, default: "(curdate())" },
      { name: "double_amount", type: "decimal(12,2)", nullable: true, generated: { expression: "`amount` * 2", stored: false } },
      { name: "label", type: "varchar(80)", nullable: true, generated: { expression: "concat(`title`,'😀')", stored: true } },
      { name: "person_id", type: "bigint unsigned", nullable: true },
      { name: "person_code", type: "char(3)", nullable: true },
      { name: "region_id", type: "int", nullable: true },
      { name: "place", type: "point" },
      { name: "body", type: "text", nullable: true },
    ]);
  });

  it("has keys, indexes and foreign keys, without the indexes that carry those", () => {
    const exams = table("exams");
    expect(exams?.primaryKey).toEqual({ columns: ["id"] });
    expect(exams?.indexes).toEqual([
      {
        name: "by_body",
        columns: [
          { column: "body", prefix: 20 },
          { column: "amount", order: "desc" },
        ],
      },
      { name: "commented", columns: ["done"], comment: "slow" },
      { name: "places", columns: ["place"], kind: "spatial" },
      { name: "uq_title", columns: ["title", "code"], unique: true },
      { name: "words", columns: ["body"], kind: "fulltext" },
    ]);
    expect(exams?.foreignKeys).toEqual([
      {
        name: "fk_person",
        columns: ["person_id", "person_code"],
        references: { table: "people", columns: ["id", "code"] },
        onDelete: "SET NULL",
        onUpdate: "CASCADE",
      },
      {
        name: "fk_region",
        columns: ["region_id"],
        references: { schema: other.name, table: "regions", columns: ["id"] },
        onDelete: "RESTRICT",
        // what each means where nothing is said
        ...(server.flavor === "mariadb" && { onUpdate: "RESTRICT" }),
      },
    ]);
  });

  it("has checks and views with every character, though the dictionary shows question marks or the bytes", () => {
    expect(table("exams")?.checks).toEqual([{ name: "ck_amount", expression: "`amount` > 0 and `title` <> '😀'" }]);
    const [everywhere, open] = schema.views;
    expect(open?.definition).toMatch(/where \(?`e`\.`title` <> '😀'/);
    expect(open?.definition).toContain("from (`exams` `e` join `people` `p`");
    expect(open?.reads).toEqual([{ name: "exams" }, { name: "people" }]);
    expect(everywhere?.definition).toContain(`join \`${other.name}\`.\`regions\` \`r\``);
    expect(everywhere?.reads).toEqual([{ schema: other.name, name: "regions" }, { name: "open_exams" }]);
  });

  it("leaves triggers, partitions and sequences alone and names what it can't compare", async () => {
    expect(notCompared).toEqual([]);
    const { db } = database;
    await db.batch([
      "CREATE TABLE parted (id int, hidden int DEFAULT 1 INVISIBLE, only_here int CHECK (only_here > 1)) PARTITION BY HASH(id) PARTITIONS 2",
      "CREATE TRIGGER watch BEFORE INSERT ON parted FOR EACH ROW SET NEW.id = 1",
    ]);
    if (server.flavor === "mariadb") await db.query("CREATE SEQUENCE numbers");
    const found = await read();
    const both = [
      { what: "table parted", because: "its partitions are not compared" },
      { what: "table parted", because: "trigger watch: left alone" },
      { what: "column parted.hidden", because: "that it is invisible is not compared" },
    ];
    const checked = { what: "check of column parted.only_here", because: "it stands in the column's definition: `only_here` > 1" };
    const sequence = { what: "sequence numbers", because: "it is left alone" };
    expect(found.notCompared).toEqual(server.flavor === "mariadb" ? [...both, checked, sequence] : both);
    if (server.flavor === "mariadb") await db.query("DROP SEQUENCE numbers");
    await db.query("DROP TABLE parted");
    if (server.flavor === "mariadb") return;
    await db.query(
      "CREATE TABLE spots (place point NOT NULL SRID 4326, only_here int CHECK (only_here > 1), KEY hidden (only_here) INVISIBLE)",
    );
    expect((await read()).notCompared).toEqual([
      { what: "column spots.place", because: "its SRID 4326 is not compared" },
      { what: "index spots.hidden", because: "that it is invisible is not compared" },
    ]);
    await db.query("DROP TABLE spots");
  });

  it("asks for the same in one round trip, whatever the number of tables", async () => {
    let trips = 0;
    const count = <T>(answer: T): T => {
      trips++;
      return answer;
    };
    const counted: Db = { ...database.db, batch: (statements) => count(database.db.batch(statements)) };
    await read(counted);
    const before = trips;
    await database.db.batch(
      Array.from({ length: 30 }, (_, at) => `CREATE TABLE more_${at} (id int PRIMARY KEY, name varchar(20) DEFAULT 'a', KEY (name))`),
    );
    trips = 0;
    await read(counted);
    expect(trips).toBe(before);
    trips = 0;
    await introspect(counted, server, { schemas: [], ignore: [], include: ({ name }) => name.startsWith("more_") });
    expect(trips).toBe(1);
  });

  it("is the same when it is read again", async () => {
    const once = (await read()).schema;
    expect((await read()).schema).toEqual(once);
    expect(normalize(normalize(once, server), server)).toEqual(normalize(once, server));
  });
});
