import { describe, expect, it } from "vitest";
import { hidePasswords } from "../../../src/connect/index.ts";
import { mysqlConfig } from "../../../src/connect/mysql-config.ts";
import { postgresConfig } from "../../../src/connect/postgres-config.ts";
import { redact } from "../../../src/core/redact.ts";

const postgres = (options: Record<string, unknown>) => postgresConfig({ dialect: "postgres", options, projectDir: "/" });
const mysql = (options: Record<string, unknown>) => mysqlConfig({ dialect: "mysql", options, projectDir: "/" });

describe("a password", () => {
  it.each([
    ["in the options", { password: "hidden0secret" }, "hidden0secret"],
    ["of the master", { replication: { master: { password: "hidden1secret" } } }, "hidden1secret"],
    ["in the master's URL", { replication: { master: { url: "postgres://u:hidden2secret@h/d" } } }, "hidden2secret"],
    ["of a replica", { replication: { master: {}, slaves: [{ password: "hidden3secret" }] } }, "hidden3secret"],
    ["in a replica's URL", { replication: { slaves: [{ url: "postgres://u:hidden4secret@h/d" }] } }, "hidden4secret"],
    ["in extra", { extra: { password: "hidden5secret" } }, "hidden5secret"],
    ["in a URL's parameters", { url: "postgres://h/d?user=u&password=hidden%366secret" }, "hidden66secret"],
    ["in a URL, as it is written there", { url: "postgres://u:hidden%377secret@h/d" }, "hidden%377secret"],
    ["of a certificate's key", { ssl: { passphrase: "hidden8secret" } }, "hidden8secret"],
  ])("%s is in no text from then on", (_, options, secret) => {
    hidePasswords({ dialect: "postgres", options, projectDir: "/" });
    expect(redact(`the server said ${secret}, aloud`)).toBe("the server said ***, aloud");
  });

  it.each([
    ["with a slash in it after a number, which makes a port of it", "postgres://user:12/Part0fIt@host:5432/shop"],
    ["with a slash in it", "postgres://user:pass/Part0fIt@host/shop"],
    ["with a # in it", "postgres://user:pa#Part0fIt@host/shop"],
    ["with a % in it that means nothing", "postgres://user:%zzPart0fIt@host/shop"],
    ["after one slash too few", "postgres:/user:Part0fIt@host/shop"],
    ["and nothing else", "Part0fIt"],
  ])("%s does not stand in what is said of the URL", async (_, url) => {
    const error = await postgres({ url }).then(
      () => null,
      (one: unknown) => one as Error,
    );
    expect(error).toMatchObject({ code: "bad-url" });
    expect(error?.message).not.toContain("Part0fIt");
  });
});

describe("TypeORM's options", () => {
  it("become a PostgreSQL client's, those of the pool left out", async () => {
    expect(
      await postgres({
        type: "postgres",
        host: "db",
        port: "5433",
        username: "app",
        password: async () => "secret",
        database: "shop",
        ssl: { rejectUnauthorized: false },
        applicationName: "shop",
        extra: { max: 20, idleTimeoutMillis: 1, keepAlive: true },
      }),
    ).toEqual({
      host: "db",
      port: 5433,
      user: "app",
      password: "secret",
      database: "shop",
      ssl: { rejectUnauthorized: false },
      application_name: "shop",
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
  });

  it("mean the master among replicas", async () => {
    const options = { replication: { master: { host: "main", username: "u" }, slaves: [{ host: "other" }] } };
    expect(await postgres(options)).toMatchObject({ host: "main", user: "u" });
    expect(await mysql(options)).toMatchObject({ host: "main", user: "u" });
  });

  it("become a MySQL connection's, the URL's parts decoded", async () => {
    expect(await mysql({ url: "mariadb://me:p%40ss@db:3307/shop", extra: { connectionLimit: 5, charset: "latin1" } })).toEqual({
      host: "db",
      port: 3307,
      user: "me",
      password: "p@ss",
      database: "shop",
      charset: "latin1",
      connectTimeout: 10_000,
    });
  });

  it("may name a socket", async () => {
    expect(await mysql({ socketPath: "/run/mysqld.sock", username: "root" })).toMatchObject({
      socketPath: "/run/mysqld.sock",
      user: "root",
    });
  });

  it("with a broken URL do not show the password", async () => {
    await expect(postgres({ url: "postgres://me:hunter2@db:port/shop" })).rejects.toMatchObject({
      code: "bad-url",
      message: expect.not.stringContaining("hunter2"),
    });
  });
});

describe("redacting", () => {
  it.each([
    ["postgres://me:hunter2@db/shop", "postgres://me:***@db/shop"],
    ["connect to mysql://root:a@b:c@db:3306/x failed", "connect to mysql://root:***@db:3306/x failed"],
    ["postgres://db/shop?user=me&password=hunter2&x=1", "postgres://db/shop?user=me&password=***&x=1"],
    ["postgres://me@db/shop", "postgres://me@db/shop"],
    ["embedded:data", "embedded:data"],
  ])("of %s", (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });
});
