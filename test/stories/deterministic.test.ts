import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Engine, engines } from "../support/databases.ts";
import { useProject } from "../support/project.ts";

/** Words that languages sort and write in capitals each in their own way, a moment in a default, and what may have been renamed. */
const words = (
  state: "before" | "after",
) => `import { Check, Column, CreateDateColumn, Entity, Index, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn, ViewColumn, ViewEntity } from "typeorm";

@Entity("istanbul") @Index(["ısı", "Izmir"]) @Check("ck_ısı", ${state === "before" ? '"zahl > 0"' : '"zahl > 1"'}) export class Istanbul {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: "int" }) ısı: number;
  @Column({ length: 10, name: "${state === "before" ? "Izmir" : "izmir_name"}" }) Izmir: string;
  @Column({ type: "int" }) zahl: number;
  @Column({ type: "enum", enum: ["ğ", "z", "ç"${state === "before" ? "" : ', "ä"'}], default: "z" }) harf: string;
  @Column({ type: "timestamp", nullable: true, default: () => "CURRENT_TIMESTAMP" }) zeit: Date | null;
  @CreateDateColumn() gemacht: Date;
}

@Entity("äpfel") export class Apfel {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => Istanbul) @Index() ort: Istanbul;
  @ManyToMany(() => Zebra) @JoinTable() zebras: Zebra[];
  @Column({ type: "decimal", precision: 8, scale: 2, default: 1234.5 }) ${state === "before" ? "größe" : "groesse"}: number;
}

@Entity("Zebra") export class Zebra {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => Apfel) apfel: Apfel;
  ${state === "before" ? "" : '@Column({ length: 5, default: "i" }) Çizgi: string;'}
}

@ViewEntity({ name: "ansicht", expression: "SELECT id FROM istanbul WHERE zahl > ${state === "before" ? 1 : 2}" }) export class Ansicht {
  @ViewColumn() id: number;
}
`;

const example = fileURLToPath(new URL("../../models", import.meta.url));
const models = (engine: Engine) =>
  engine === "mysql"
    ? {}
    : Object.fromEntries(readdirSync(example).map((file) => [`models/${file}`, readFileSync(join(example, file), "utf8")]));

const configuration = (engine: Engine) => `import { readdirSync } from "node:fs";
import { DataSource } from "typeorm";

const files = readdirSync(__dirname + "/models").sort().map((file) => "models/" + file);

export default new DataSource({
  type: "${engine === "postgres" ? "postgres" : "mariadb"}",
  url: process.env.DATABASE_URL,
  entities: process.env.BACKWARDS ? files.reverse() : files,
  ${engine === "postgres" ? 'uuidExtension: "pgcrypto",' : ""}
});
`;

const surroundings: readonly Readonly<Record<string, string>>[] = [
  { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Asia/Kathmandu" },
  { LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8", TZ: "America/St_Johns" },
  { LC_ALL: "sv_SE.UTF-8", TZ: "Pacific/Kiritimati", BACKWARDS: "yes" },
];

async function within<T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

describe.each(engines)("what is written from the same entities, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": configuration(engine), ...models(engine), "models/words.ts": words("before") });

  /** Everything but the moment. */
  async function written(id: string): Promise<string> {
    await project.json(0, "revision", "--autogenerate", "-m", "ısı and Äpfel", "--rev-id", id);
    return project.revision(id).replace(/createdAt: "[^"]*"/, "");
  }
  async function again(id: string): Promise<string> {
    project.remove(project.revisionFile(id));
    return written(id);
  }

  it("has the same bytes in every language, time zone and order of files", async () => {
    const first = await within({ LC_ALL: "C", TZ: "UTC" }, () => written("0001"));
    for (const env of surroundings) expect(await within(env, () => again("0001"))).toBe(first);
    await project.json(0, "upgrade", "head");
  });

  it("has so when they change, questions and all", async () => {
    project.write({ "models/words.ts": words("after") });
    const first = await within({ LC_ALL: "C", TZ: "UTC" }, () => written("0002"));
    expect(first).toContain("rename");
    for (const env of surroundings) expect(await within(env, () => again("0002"))).toBe(first);
    await within(surroundings[0] ?? {}, async () => {
      await project.json(0, "resolve", "0002", "--all", "rename");
      await project.json(0, "upgrade", "head");
      expect(await project.json(0, "check")).toMatchObject({ clean: true });
    });
  });
});
