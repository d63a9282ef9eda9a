import { describe, expect, it } from "vitest";
import { feed, withClients } from "../support/client.ts";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

/** Texts that mean something to SQL, TypeScript, a shell, a template, a terminal or a reader's eye. */
const hostile: readonly string[] = [
  `it's "quoted" and \`ticked\``,
  "a\\b\\\\c\\'",
  "ends in a backslash\\",
  "*/ /* -- # //",
  "${process.exit(9)} \\${x} `${y}`",
  "line\nbreak\r\n\ttab",
  "\u001b[31mred\u001b[0m\u0007\u001b]0;title\u0007",
  "\u202etxt.exe\u2066\u2069\u200f",
  "'; DROP TABLE limbeck_revision; --",
  "$do$ $$ $1 ? :name @x %s {revision}",
  "</script><img src=x onerror=alert(1)>",
  "sep\u2028arate\u2029d \u0085\u009b31m",
  "zero\u200bwidth\ufeff",
  "__proto__",
  "constructor",
  "a.b",
  "select",
  "ünïcödé 漢字",
  "null",
  "{ } [ ] ( ) , ; = < > | & ! ^ ~",
];
const emoji = "😀👩‍👩‍👧";

/** What the engine takes as a name: 63 bytes on PostgreSQL; 64 characters of the basic plane, none of them a space at the end, on MySQL. */
function nameOf(engine: Engine, prefix: string, text: string): string {
  const whole = `${prefix}${text}`;
  if (engine === "mysql")
    return whole
      .replace(/[\u{10000}-\u{10ffff}\u200d]/gu, "")
      .slice(0, 64)
      .trimEnd();
  let name = whole;
  while (Buffer.byteLength(name) > 63) name = [...name].slice(0, -1).join("");
  return name;
}

const positions = [
  "table",
  "column",
  "table comment",
  "column comment",
  "default",
  "check",
  "check's text",
  "index",
  "unique",
  "foreign key",
  "enum value",
  "enum type",
];

/** An entity with the text wherever a text can be; `other` is put where a later change is to be found. */
function entity(engine: Engine, i: number, text: string, other: string): string {
  const name = (prefix: string) => JSON.stringify(nameOf(engine, prefix, text));
  const literal = `'${text.replaceAll("'", "''").replaceAll("\\", engine === "mysql" ? "\\\\" : "\\")}'`;
  const quoted = engine === "mysql" ? "`plain`" : '"plain"';
  return `import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from "typeorm";

@Entity({ name: ${name(`t${i} `)}, comment: ${JSON.stringify(other)} })
@Check(${name(`c${i} `)}, ${JSON.stringify(`${quoted} <> ${literal}`)})
@Index(${name(`i${i} `)}, ["hostile"])
@Unique(${name(`u${i} `)}, ["hostile", "plain"])
export class Hostile${i} {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: "varchar", length: 20 }) plain!: string;
  @Column({ name: ${name("")}, type: "varchar", length: 200, default: ${JSON.stringify(other)}, comment: ${JSON.stringify(other)} }) hostile!: string;
  @Column({ type: "enum", enum: [${JSON.stringify(nameOf(engine, "", text))}, "other"], enumName: ${name(`e${i} `)}, default: ${JSON.stringify(nameOf(engine, "", text))} }) mood!: string;
  @ManyToOne(() => Hostile${i}, { nullable: true })
  @JoinColumn({ name: "parent_id", foreignKeyConstraintName: ${name(`f${i} `)} })
  parent!: object | null;
}
`;
}

/** Control characters, marks that turn the writing, and what nobody can see. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

describe.each(engines)("hostile texts on %s", (engine) => {
  const texts = [...hostile, emoji, "é".repeat(31)];
  const models = (shift: number) =>
    Object.fromEntries(texts.map((text, i) => [`models/h${i}.ts`, entity(engine, i, text, texts[(i + shift) % texts.length] ?? "")]));
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), ...models(0) });
  const message = texts.join(" | ");
  const tables = async () =>
    (
      await project.database.db.query(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema IN ('public', '${project.database.name}')`,
      )
    ).map(({ name }) => name);

  let way: Promise<void> | undefined;
  /** once, for whichever test comes first; at the end nothing is applied */
  const wholeWay = () => {
    way ??= thereAndBack();
    return way;
  };
  const thereAndBack = async () => {
    // a server's own default may be one that has no room for these
    if (engine === "mysql") await project.database.db.query("ALTER DATABASE CHARACTER SET utf8mb4");
    const { id, upgrade } = await project.json(0, "revision", "--autogenerate", "-m", message);
    const made = upgrade.filter(({ kind }: { kind: string }) => kind === "createTable");
    expect(made.map(({ table }: { table: string }) => table).sort()).toEqual(texts.map((text, i) => nameOf(engine, `t${i} `, text)).sort());
    expect(obeyed.exec(project.revision(id))?.index).toBe(undefined);
    await project.json(0, "upgrade", "head");
    expect((await tables()).sort()).toEqual([...texts.map((text, i) => nameOf(engine, `t${i} `, text)), "limbeck_revision"].sort());
    expect(await project.json(0, "check")).toMatchObject({ clean: true, operations: [] });
    expect((await project.json(0, "history")).revisions[0].message).toBe(message);

    project.write(models(1));
    const second = await project.json(0, "revision", "--autogenerate", "-m", message);
    expect(second.review).toEqual([]);
    await project.json(0, "upgrade", "head");
    expect(await project.json(0, "check")).toMatchObject({ clean: true, operations: [] });

    await project.json(0, "downgrade", "-1");
    await project.json(0, "downgrade", "base");
    expect(await tables()).toEqual(["limbeck_revision"]);
  };

  it("go the whole way there and back, and come out as they went in", async () => {
    await wholeWay();
    console.log(
      `${engine}: ${texts.length} hostile texts in ${positions.length + 1} positions: ${texts.length * (positions.length + 1)} cases`,
    );
  });

  it.runIf(withClients.includes(engine))("are the same in a script that the engine's own client runs", async () => {
    await wholeWay();
    feed(engine, project.database.url, (await project.run("upgrade", "heads", "--sql")).stdout);
    expect(await project.json(0, "check")).toMatchObject({ clean: true, operations: [] });
    feed(engine, project.database.url, (await project.run("downgrade", "heads:base", "--sql")).stdout);
    expect(await tables()).toEqual(["limbeck_revision"]);
  });

  it("are shown on a terminal and not obeyed", async () => {
    await wholeWay();
    for (const args of [
      ["history", "-v"],
      ["history", "--graph"],
      ["show", "head"],
      ["show", "head", "--json"],
      ["heads"],
      ["upgrade", "head", "--dry-run"],
      ["upgrade", "head", "-v"],
      ["current", "-v"],
      ["upgrade", "head", "--json"],
      ["downgrade", "base", "-v", "--json"],
      ["diff"],
      ["diff", "--json"],
      ["check"],
      ["show", message],
      ["upgrade", "head", "--target", message],
    ]) {
      const { stdout, stderr } = await project.run(...args);
      expect([args, obeyed.exec(stdout)?.index, stdout.length > 0 || stderr.length > 0]).toEqual([args, undefined, true]);
      expect([args, obeyed.exec(stderr)?.index]).toEqual([args, undefined]);
    }
  });
});
