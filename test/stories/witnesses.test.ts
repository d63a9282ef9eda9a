import { describe, expect, it } from "vitest";
import { engines, useDatabase } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const exam = (...more: string[]) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("exams") export class Exam {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 200 }) title: string;
${more.map((line) => `  ${line}`).join("\n")}
}
`;
const room = '@Column({ type: "int", nullable: true }) room: number | null;';
const seats = '@Column({ type: "int", nullable: true }) seats: number | null;';
const points = '@Column({ type: "int", nullable: true }) points: number | null;';

const seatsBySql = `import { revision, sql } from "limbeck";

export default revision({
  id: "004",
  parents: ["003"],
  message: "seats",
  createdAt: "2026-11-21T00:00:00Z",
  upgrade(op) {
    op.execute(sql\`ALTER TABLE exams ADD COLUMN seats int\`, { undo: sql\`ALTER TABLE exams DROP COLUMN seats\` });
  },
  downgrade(op) {
    op.execute(sql\`ALTER TABLE exams DROP COLUMN seats\`);
  },
});
`;

describe.each(engines)("check says whose a difference is, on %s", (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/exam.ts": exam() });
  const verdicts = async (code: number) => {
    const { differences } = await project.json(code, "check");
    return differences.map(
      (one: { verdict: string; operation?: { kind: string; column?: { name: string } }; object?: { name: string } }) => [
        one.verdict,
        one.operation?.column?.name ?? one.operation?.kind ?? one.object?.name,
      ],
    );
  };

  it("nobody's while all agree", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "exams", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    expect(await verdicts(0)).toEqual([]);
  });

  it("not generated, then not applied", async () => {
    project.write({ "models/exam.ts": exam(room) });
    expect(await verdicts(3)).toEqual([["not generated", "room"]]);
    await project.json(0, "revision", "--autogenerate", "-m", "room", "--rev-id", "002");
    expect(await verdicts(3)).toEqual([["not applied", "room"]]);
  });

  it("changed by hand, beside one that is new and a table of nobody's", async () => {
    await project.json(0, "upgrade", "head");
    project.write({ "models/exam.ts": exam(room, points) });
    await project.database.db.query("ALTER TABLE exams DROP COLUMN room");
    await project.database.db.query("CREATE TABLE left_over (a int)");
    expect(await verdicts(3)).toEqual([
      ["changed by hand", "room"],
      ["not generated", "points"],
      ["unmanaged", "left_over"],
    ]);
    const { stdout } = await project.run("check");
    expect(stdout).toMatch(/room .*\(changed by hand\)/);
    expect(stdout).toMatch(/points .*\(not generated\)/);
  });

  it("not recorded, where the database was changed by hand and the entities follow: the revisions alone would not lead there", async () => {
    await project.database.db.query("ALTER TABLE exams ADD COLUMN room int, ADD COLUMN points int");
    expect(await verdicts(3)).toEqual([
      ["not recorded", "points"],
      ["unmanaged", "left_over"],
    ]);
    expect((await project.run("check")).stdout).toMatch(/the entities agree: no revision says so\n.*points/);
    await project.json(0, "revision", "--offline", "-m", "points", "--rev-id", "003");
    expect(await verdicts(3)).toEqual([["unmanaged", "left_over"]]);
    await project.json(0, "stamp", "head");
    expect(await verdicts(0)).toEqual([["unmanaged", "left_over"]]);
  });

  it("not recorded is only told where raw SQL may have done it", async () => {
    project.write({ "models/exam.ts": exam(room, points, seats) });
    project.write({ "migrations/004_seats.ts": seatsBySql });
    await project.json(0, "upgrade", "head");
    expect(await verdicts(0)).toContainEqual(["not recorded", "seats"]);
  });
});

describe.runIf(engines.includes("postgres"))("what stands in a PostgreSQL database before any revision", () => {
  const entity = exam('@Column({ type: "citext", nullable: true }) code: string | null;').replace(
    '"exams"',
    '"exams", { schema: "school" }',
  );
  const project = useProject("postgres", { "ormconfig.ts": ormconfig("postgres"), "models/exam.ts": entity });
  const bare = useDatabase("postgres");

  it("a schema and an extension are told by check as not recorded, and are no fault", async () => {
    await project.database.db.query("CREATE SCHEMA school");
    await project.database.db.query("CREATE EXTENSION citext");
    await project.json(0, "revision", "--autogenerate", "-m", "exams", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    const { clean, differences } = await project.json(0, "check");
    expect(clean).toBe(true);
    const said = differences.map(
      ({ verdict, operation }: { verdict: string; operation: { kind: string } }) => `${verdict}: ${operation.kind}`,
    );
    expect(said.sort()).toEqual(["not recorded: createExtension", "not recorded: createSchema"]);
  });

  it("is the ground on which a revision is proved, and the revisions are verified", async () => {
    project.write({
      "models/exam.ts": `${entity}\n@Entity("rooms", { schema: "school" }) export class Room {\n  @PrimaryGeneratedColumn() id!: number;\n}\n`,
    });
    const { code, stdout, stderr } = await project.run("revision", "--autogenerate", "-m", "rooms", "--rev-id", "002");
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("not proved");
    await project.json(0, "upgrade", "head");
    expect(await project.json(0, "verify")).toMatchObject({ ok: true });
  });

  it("is missed in a database without it, which is told what to do", async () => {
    const { error } = await project.json(1, "upgrade", "head", "--url", bare.url);
    expect(error.hint).toContain("CREATE SCHEMA, or op.createSchema at the beginning of 001");
    await bare.db.query("CREATE SCHEMA school; CREATE EXTENSION citext");
    await project.json(0, "upgrade", "head", "--url", bare.url);
  });
});
