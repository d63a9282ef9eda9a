import type { EntityManager, MigrationInterface } from "typeorm";
import { usage } from "../core/errors.ts";
import type { CodeStep } from "../core/revision.ts";

type MigrationClass = new () => MigrationInterface;

/** A migration class of TypeORM's as steps of a revision: `op.run("Init1700000000000", fromTypeorm(Init1700000000000).up)`. */
export function fromTypeorm(imported: MigrationClass): {
  readonly up: CodeStep<EntityManager>;
  readonly down: CodeStep<EntityManager>;
} {
  const migration = classOf(imported);
  const { transaction } = new migration();
  const step = (direction: "up" | "down"): CodeStep<EntityManager> => {
    const code: CodeStep<EntityManager> = async (db) => {
      const { queryRunner } = await db.manager();
      if (queryRunner === undefined) throw new Error("the entity manager has no query runner");
      await new migration()[direction](queryRunner);
    };
    // TypeORM's word for what may not be in a transaction; `true` is what a revision does anyway
    return transaction === false ? Object.assign(code, { transaction }) : code;
  };
  return { up: step("up"), down: step("down") };
}

/** A module of CommonJS stands for its default export where it does not say what it was compiled from. */
function classOf(imported: MigrationClass | { readonly default?: MigrationClass }): MigrationClass {
  const found = typeof imported === "function" ? imported : imported?.default;
  if (typeof found === "function") return found;
  throw usage("no-migration", "fromTypeorm was not given a migration class.", "import the class as its file exports it");
}
