import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { soundMysql, soundSchema } from "../support/arbitrary-sound.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { walk } from "../support/walk.ts";

const numRuns = Number(process.env.LAWS_RUNS ?? 20);

describe.runIf(engines.includes("mysql"))("the laws of the differ, on MariaDB or MySQL", () => {
  const database = useDatabase("mysql");

  it.each(["drop", "rename"] as const)(
    "lead from any schema to any other and back, and keep the rows, when the answer is always %s",
    async (answer) => {
      const { db } = database;
      for (const sql of mysql.session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 })) await db.query(sql);
      const ground = {
        dialect: mysql,
        db,
        async empty() {
          await db.query(`DROP DATABASE \`${database.name}\``);
          await db.query(`CREATE DATABASE \`${database.name}\` CHARACTER SET utf8mb4`);
          await db.query(`USE \`${database.name}\``);
        },
        async unchecked(work: () => Promise<void>) {
          await db.query("SET foreign_key_checks = 0");
          await work();
          await db.query("SET foreign_key_checks = 1");
        },
      };
      let rows = 0;
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (gen) => {
          const [a, b] = [soundSchema(gen, soundMysql), soundSchema(gen, soundMysql)];
          rows += (await walk(ground, a, b, answer)).rows;
        }),
        { numRuns, endOnFailure: true },
      );
      // most pairs take rows all the way: else the laws would say nothing of values
      expect(rows).toBeGreaterThan(numRuns / 2);
    },
    600_000,
  );
});
