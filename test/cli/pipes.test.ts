import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, type TestProject, useProject } from "../support/project.ts";
import { revisionFile, start, until } from "./shell.ts";

const count = 60;
const id = (n: number) => `r${String(n).padStart(3, "0")}`;
const long = "a message of some length ".repeat(40);

/** Through a shell, as a pipeline has it; `$L` is the command line. */
function shell(project: TestProject, line: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, DATABASE_URL: project.database.url, LIMBECK_URL: "", CI: "1", L: `${process.execPath} ${inject("cli")}` };
  return new Promise((done) => {
    execFile("bash", ["-c", line], { cwd: project.dir, env }, (_error, stdout, stderr) => done({ stdout, stderr }));
  });
}

describe.each(engines)("in a pipeline, on %s", (engine) => {
  const sleep = engine === "postgres" ? "pg_sleep" : "SLEEP";
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    ...Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `migrations/${id(i + 1)}.ts`,
        revisionFile(id(i + 1), i === 0 ? [] : [id(i)], `op.execute(sql\`SELECT ${i}\`);`, "").replace("about", `${long}about`),
      ]),
    ),
  });
  const heads = async () => (await project.json(0, "current")).heads;

  it.each(["history -v", "upgrade head --sql", "history --json", "upgrade head --dry-run"])(
    "whoever reads the output may stop: %s | head -1",
    async (command) => {
      const { stdout, stderr } = await shell(project, `$L ${command} | head -1; echo "code \${PIPESTATUS[0]}"`);
      expect(stdout).toMatch(/code 0\n$/);
      expect(stderr).toBe("");
    },
  );

  it.each(["", "--json"])("a run goes on when nobody reads its log any more %s", async (flag) => {
    await project.json(0, "downgrade", "base");
    const child = spawn(process.execPath, [inject("cli"), "upgrade", id(40), ...(flag === "" ? [] : [flag])], {
      cwd: project.dir,
      env: { ...process.env, DATABASE_URL: project.database.url, LIMBECK_URL: "", CI: "1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.once("data", () => child.stderr.destroy());
    expect(await new Promise((done) => child.on("close", done))).toBe(0);
    expect(await heads()).toEqual([id(40)]);
  });

  it("a run goes on without stdout and stderr", async () => {
    await project.json(0, "upgrade", id(40));
    const { stdout } = await shell(project, `( $L upgrade ${id(45)} >&- 2>&- ; echo "code $?" >&3 ) 3>&1`);
    expect(stdout).toBe("code 0\n");
    expect(await heads()).toEqual([id(45)]);
  });

  it.runIf(existsSync("/dev/full"))("output that can't be written is told, with the exit code 1", async () => {
    const { stdout, stderr } = await shell(
      project,
      `$L history >/dev/full; echo "code $?"; $L upgrade head --sql >/dev/full; echo "code $?"`,
    );
    expect(stdout).toBe("code 1\ncode 1\n");
    expect(stderr).toMatch(/^(error: the output could not be written: ENOSPC[^\n]*\n\n {2}What was done is done: limbeck current\n){2}$/);
  });

  it("SIGTERM, as a container gets it, stops after the running statement, with 130, also while it waits for another run", async () => {
    project.write({
      [`migrations/${id(count + 1)}.ts`]: revisionFile(
        id(count + 1),
        [id(count)],
        `op.execute(sql\`SELECT ${sleep}(6)\`); op.execute(sql\`SELECT 1\`);`,
        "",
      ),
    });
    await project.json(0, "upgrade", id(count));
    const first = start(project, ["upgrade", "head", "-v"]);
    let said = "";
    first.child.stderr?.on("data", (data) => {
      said += data;
    });
    await until(async () => said.includes(`SELECT ${sleep}`));
    const second = start(project, ["upgrade", "head", "--wait", "60"]);
    let waits = "";
    second.child.stderr?.on("data", (data) => {
      waits += data;
    });
    await until(async () => waits.includes("waiting for another run"));
    second.child.kill("SIGTERM");
    expect(await second.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("Stopped while waiting for another run; nothing was changed"),
    });
    first.child.kill("SIGTERM");
    expect(await first.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("The last statement that ran was statement 1 of 2"),
    });
    expect(await heads()).toEqual([id(count)]);
    project.remove(`migrations/${id(count + 1)}.ts`);
  });
});
