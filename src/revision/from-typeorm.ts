import type { EntityManager, MigrationInterface } from "typeorm";
import { refused, usage } from "../core/errors.ts";
import type { CodeStep } from "../core/revision.ts";

type MigrationClass = new () => MigrationInterface;

/** A migration class of TypeORM's as steps of a revision: `op.run("Init1700000000000", fromTypeorm(Init1700000000000).up)`. */
export function fromTypeorm(imported: MigrationClass): {
  readonly up: CodeStep<EntityManager>;
  readonly down: CodeStep<EntityManager>;
} {
  const migration = classOf(imported);
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

/** A module of CommonJS stands for its default export where it does not say what it was compiled from. */
function classOf(imported: MigrationClass | { readonly default?: MigrationClass }): MigrationClass {
  const found = typeof imported === "function" ? imported : imported?.default;
  if (typeof found === "function") return found;
  throw usage("no-migration", "fromTypeorm was not given a migration class.", "import the class as its file exports it");
}
