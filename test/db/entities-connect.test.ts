import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { connect } from "../../src/connect/index.ts";
import { engines, useDatabase } from "../support/databases.ts";

const projectDir = fileURLToPath(new URL("../..", import.meta.url));

describe.each(engines)("connecting to %s as the configuration says", (engine) => {
  const database = useDatabase(engine);
  const attempt = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return connect({ dialect: engine, options: { type: engine, url: url.toString() }, projectDir });
  };

  it("works with a URL and with its parts", async () => {
    const { hostname: host, port, username, password } = new URL(database.url);
    const options = {
      type: engine,
      host,
      port,
      username,
      password: () => password,
      database: database.name,
      extra: { max: 3, connectionLimit: 3 },
    };
    const db = await connect({ dialect: engine, options, projectDir });
    expect(await db.query("SELECT 1 AS one")).toEqual([{ one: "1" }]);
    await db.close();
    await (await connect({ dialect: engine, options: { type: engine }, projectDir }, database.url)).close();
  });

  it("says that there is no such database", async () => {
    await expect(attempt((url) => Object.assign(url, { pathname: "/no_such_database" }))).rejects.toMatchObject({
      outcome: "failed",
      code: "database-missing",
    });
  });

  it("says that nobody answers, without the password", async () => {
    const error = attempt((url) => Object.assign(url, { port: "1", password: "hunter2" }));
    await expect(error).rejects.toMatchObject({
      outcome: "failed",
      code: "connection-refused",
      message: expect.not.stringContaining("hunter2"),
    });
  });

  it("says that there is no such host", async () => {
    await expect(attempt((url) => Object.assign(url, { hostname: "no-such-host.invalid" }))).rejects.toMatchObject({
      code: "host-unknown",
    });
  });

  it("says that the user is not let in, without the password", async () => {
    const error = attempt((url) => Object.assign(url, { username: "nobody_here", password: "hunter2" }));
    await expect(error).rejects.toMatchObject({
      outcome: "failed",
      code: "authentication-failed",
      message: expect.not.stringContaining("hunter2"),
    });
  });
});
