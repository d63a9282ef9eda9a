import type { Db } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { Revision } from "../../src/core/revision.ts";
import type { Precheck, Statement } from "../../src/core/statement.ts";
import type { Dialect } from "../../src/dialect/dialect.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import type { LiveOptions } from "../../src/run/options.ts";
import { run } from "../../src/run/run.ts";
import { type Step, stepOf } from "../../src/run/step.ts";
import type { Engine } from "../support/databases.ts";

/** A revision as the runner sees it, with its statements written by hand. */
export interface Sketch {
  readonly id: string;
  readonly parents?: readonly string[];
  readonly upgrade: readonly (string | Partial<Statement>)[];
  readonly downgrade?: readonly (string | Partial<Statement>)[];
  readonly prechecks?: readonly Precheck[];
  readonly checksum?: string;
}

const written = new Map<string, Statement>();
const asked = new Map<string, Precheck>();

/** The engine's own dialect; only statements and questions are those of the sketches. */
export function dialectOf(engine: Engine): Dialect {
  return {
    ...(engine === "postgres" ? postgres : mysql),
    needsBefore: false,
    compile: (operations) => operations.flatMap((operation) => (operation.kind === "execute" ? (written.get(operation.sql) ?? []) : [])),
    prechecks: (operations) =>
      operations.flatMap((one, operation) => {
        const check = one.kind === "execute" ? asked.get(one.sql) : undefined;
        return check === undefined ? [] : [{ ...check, operation }];
      }),
    session: () => [],
  };
}

export function optionsFor(engine: Engine, more: Partial<LiveOptions> = {}): LiveOptions {
  const server = {
    flavor: engine === "postgres" ? "postgres" : "mariadb",
    version: [15],
    defaultSchema: "public",
    database: "test",
  } as const;
  return {
    dialect: dialectOf(engine),
    context: { server },
    journal: { name: "limbeck_revision" },
    transaction: "each",
    wait: 0,
    lockTimeoutMs: 5000,
    statementTimeoutMs: 0,
    runCode: async () => {},
    ...more,
  };
}

export function stepsOf(sketches: readonly Sketch[], direction: "upgrade" | "downgrade" = "upgrade"): readonly Step[] {
  return sketches.map((sketch) => stepOf(revisionOf(sketch), direction, sketch.checksum ?? `sum of ${sketch.id}`, `hash of ${sketch.id}`));
}

/** Runs what the journal does not have yet, as a command would. */
export function upgrade(db: Db, engine: Engine, sketches: readonly Sketch[], more: Partial<LiveOptions> = {}) {
  return run(db, optionsFor(engine, more), async ({ applied }) => stepsOf(sketches.filter(({ id }) => !applied.has(id))));
}

export function downgrade(db: Db, engine: Engine, sketches: readonly Sketch[], more: Partial<LiveOptions> = {}) {
  return run(db, optionsFor(engine, more), async ({ applied }) =>
    stepsOf(sketches.filter(({ id }) => applied.has(id)).reverse(), "downgrade"),
  );
}

function revisionOf({ id, parents = [], upgrade, downgrade = [], prechecks = [] }: Sketch): Revision {
  const recording = (statements: Sketch["upgrade"]) => ({
    operations: statements.map((statement) => operationOf(id, statement)),
    code: [],
  });
  const up = recording(upgrade);
  for (const check of prechecks) {
    const operation = up.operations[check.operation];
    if (operation?.kind === "execute") asked.set(operation.sql, check);
  }
  return {
    id,
    parents,
    dependsOn: [],
    labels: [],
    message: `revision ${id}`,
    createdAt: "",
    review: [],
    replaces: [],
    upgrade: up,
    downgrade: recording(downgrade),
  };
}

function operationOf(id: string, given: string | Partial<Statement>): Operation {
  const statement: Statement = {
    sql: "",
    operations: [],
    transactional: true,
    hazards: [],
    ...(typeof given === "string" ? { sql: given } : given),
  };
  const key = `${id}: ${statement.sql}`;
  written.set(key, statement);
  return { kind: "execute", sql: key };
}
