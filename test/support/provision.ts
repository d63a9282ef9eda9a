import { connect } from "node:net";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    postgres: string | null;
    mysql: string | null;
  }
}

/** Where the tests find their servers; each test file makes a database of its own on them. */
export default async function provision(project: TestProject): Promise<() => Promise<void>> {
  project.provide("postgres", process.env.TEST_PG_URL ?? ((await listens(5432)) ? "postgres://postgres@127.0.0.1:5432/postgres" : null));
  project.provide("mysql", process.env.TEST_MYSQL_URL ?? ((await listens(3306)) ? "mysql://root@127.0.0.1:3306/mysql" : null));
  return async () => {};
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
