import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { soundPostgres, soundSchema } from "../support/arbitrary-sound.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { walk } from "../support/walk.ts";

const numRuns = Number(process.env.LAWS_RUNS ?? 20);

describe.runIf(engines.includes("postgres"))("the laws of the differ, on PostgreSQL", () => {
  const database = useDatabase("postgres");

  it.each(["drop", "rename"] as const)(
    "lead from any schema to any other and back, and keep the rows, when the answer is always %s",
    async (answer) => {
      const { db } = database;
      const ground = {
        dialect: postgres,
        db,
        empty: async () => void (await db.query("DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public")),
        async unchecked(work: () => Promise<void>) {
          await db.query("SET session_replication_role = replica");
          await work();
          await db.query("SET session_replication_role = DEFAULT");
        },
      };
      let rows = 0;
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (gen) => {
          const [a, b] = [soundSchema(gen, soundPostgres), soundSchema(gen, soundPostgres)];
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
