import { type ChildProcess, spawn } from "node:child_process";
import { inject } from "vitest";
import type { Run, TestProject } from "../support/project.ts";

/** A revision file by hand: the bodies of its two directions. */
export function revisionFile(
  id: string,
  parents: readonly string[],
  upgrade: string = "",
  downgrade: string = "",
  more: string = "",
): string {
  return `import { revision, sql } from "limbeck";

export default revision({
  id: "${id}",
  parents: ${JSON.stringify(parents)},${more}
  message: "about ${id}",
  createdAt: "2026-01-01T00:00:00Z",

  upgrade(op) {
    ${upgrade}
  },

  downgrade(op) {
    ${downgrade}
  },
});
`;
}

/** An entity of this name and table, with the lines given after its id. */
export function entity(name: string, table: string, more: string = ""): string {
  return `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("${table}") export class ${name} {
  @PrimaryGeneratedColumn() id!: number;
  ${more}
}
`;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

/** The command line with another environment, to be waited for or meddled with. */
export function start(project: TestProject, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [inject("cli"), ...args], {
    cwd: project.dir,
    env: { ...process.env, DATABASE_URL: project.database.url, LIMBECK_URL: "", NO_COLOR: "1", CI: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const ended = new Promise<Run>((done) => {
    child.on("close", (code) => done({ code: code ?? -1, stdout, stderr, json: parsed(stdout) }));
  });
  return { child, ended };
}

/** Asks until the answer is true: for what happens in another process. */
export async function until(question: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await question())) {
    if (Date.now() > end) throw new Error("it did not come to pass");
    await new Promise((done) => setTimeout(done, 25));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
