import type { EntityManager, MigrationInterface } from "typeorm";
import { refused } from "../core/errors.ts";
import type { CodeStep } from "../core/revision.ts";

/** A migration class of TypeORM's as steps of a revision: `op.run("Init1700000000000", fromTypeorm(Init1700000000000).up)`. */
export function fromTypeorm(migration: new () => MigrationInterface): {
  readonly up: CodeStep<EntityManager>;
  readonly down: CodeStep<EntityManager>;
} {
  const step =
    (direction: "up" | "down"): CodeStep<EntityManager> =>
    async (db) => {
      const { queryRunner } = await db.manager();
      if (queryRunner === undefined) throw new Error("the entity manager has no query runner");
      const one = new migration();
      if (one.transaction === false && queryRunner.isTransactionActive) {
        throw refused(
          "no-transaction",
          `The migration ${one.name ?? migration.name} says that it may not run in a transaction.`,
          "run it with --transaction none",
          { migration: one.name ?? migration.name },
        );
      }
      await one[direction](queryRunner);
    };
  return { up: step("up"), down: step("down") };
}
