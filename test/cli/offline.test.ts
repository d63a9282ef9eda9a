import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useProjectWithout } from "../support/project.ts";

const entity = (more: string) => `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("exams") export class Exam {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ length: 200 }) title: string;
  ${more}
}
`;
const config = (type: string, port: number) => `import { DataSource } from "typeorm";

export default new DataSource({ type: "${type}", host: "127.0.0.1", port: ${port}, database: "app", entities: ["models/*.ts"] });
`;

describe.each(["postgres", "mariadb"])("without a database, for %s", (type) => {
  const project = useProjectWithout({ "models/exam.ts": entity("") });
  let server: Server;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    project.write({ "ormconfig.ts": config(type, typeof address === "object" && address !== null ? address.port : 0) });
  });
  afterAll(() => new Promise((done) => server.close(done)));

  it("revisions are written from the replayed ones", async () => {
    const first = await project.json(0, "revision", "--autogenerate", "--offline", "-m", "exams", "--rev-id", "001");
    expect(first.upgrade).toMatchObject([{ kind: "createTable", table: "exams" }]);
    expect(await project.json(0, "revision", "--autogenerate", "--offline", "-m", "none")).toEqual({ id: null, upgrade: [] });
    project.write({ "models/exam.ts": entity('@Column({ type: "int", nullable: true }) room: number | null;') });
    const second = await project.json(0, "revision", "--offline", "-m", "room", "--rev-id", "002");
    expect(second.upgrade).toMatchObject([{ kind: "addColumn", table: "exams", column: { name: "room" } }]);
  });

  it("the schema as of a revision is shown", async () => {
    const columns = async (revision: string) => {
      const { tables } = await project.json(0, "show", revision, "--schema");
      return tables[0].columns.map(({ name }: { name: string }) => name);
    };
    expect(await columns("001")).toEqual(["id", "title"]);
    expect(await columns("head")).toEqual(["id", "title", "room"]);
  });

  it("two of the witnesses are compared", async () => {
    const { operations } = await project.json(3, "diff", "revision:001", "models", "--exit-code");
    expect(operations).toMatchObject([{ kind: "addColumn", table: "exams", column: { name: "room" } }]);
    expect((await project.run("diff", "revision:002", "revision:001", "--sql")).stdout).toMatch(/DROP COLUMN .room/);
  });

  it.each([
    ["show", "002"],
    ["diff", "revision:001", "revision:002"],
    ["upgrade", "001:002"],
    ["downgrade", "002:001"],
    ["stamp", "head"],
  ])("%s --sql --json is a document, too", async (...command) => {
    const { sql } = await project.json(0, ...command, "--sql");
    expect(sql).toBe((await project.run(...command, "--sql")).stdout);
  });

  it("a head that another one depends on is left out on request", async () => {
    await project.json(0, "revision", "--empty", "-m", "a", "--rev-id", "003", "--head", "001", "--splice");
    await project.json(0, "revision", "--empty", "-m", "b", "--rev-id", "004", "--head", "002", "--depends-on", "003");
    for (const command of ["heads", "branches"]) {
      expect((await project.json(0, command)).heads).toEqual(["003", "004"]);
      expect((await project.json(0, command, "--resolve-dependencies")).heads).toEqual(["004"]);
    }
  });

  it("nobody has tried to connect", async () => {
    expect(connections).toBe(0);
    expect((await project.run("check")).code).not.toBe(0);
    expect(connections).toBeGreaterThan(0);
  });
});
