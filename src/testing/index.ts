import { openPoints } from "../app/move/refusals.ts";
import { openProject } from "../app/project/project.ts";
import { type VerifyResult, verifyProject } from "../app/verify.ts";
import { LimbeckError, refused } from "../core/errors.ts";
import { describe } from "../core/operations/index.ts";

export interface CheckOptions {
  /** where the project is; the folder that the tests run in */
  readonly cwd?: string;
  /** the module that exports the data source; found as the command line finds it */
  readonly config?: string;
  /** which export, when the module has several data sources */
  readonly exportName?: string;
  /**
   * A server to make the scratch database on. Without it PostgreSQL projects use the embedded engine, which needs no server; MySQL and
   * MariaDB projects the configured one.
   */
  readonly url?: string;
  /** what the revisions read as `-x key=value` */
  readonly x?: Readonly<Record<string, string>>;
}

/** A test, for whatever runs tests: it has failed when `run` throws. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
  /** milliseconds that it may need, however slow the machine is */
  readonly timeout: number;
}

/** Ready tests of a project's revisions. The scratch database is made once for all of them, and taken away. */
export function checks(options: CheckOptions = {}): readonly Check[] {
  const project = once(() => open(options));
  const verified = once(async () => verifyProject(await locationOf(options), await project(), undefined));
  return [
    check("the revisions have one head", async () => {
      const { heads } = (await project()).graph;
      if (heads.length > 1)
        throw refused("several-heads", `There are several heads: ${heads.join(", ")}.`, "limbeck merge heads", { heads });
    }),
    check("no revision has an open review point", async () => {
      for (const { header } of (await project()).files) if (header.review.length > 0) throw openPoints(header);
    }),
    check("every revision goes up, and up again, with rows in the tables", async () => {
      requireStage(await verified(), ["upgrade", "upgrade again", "history"]);
    }),
    check("taking a revision back restores the schema and the rows", async () => {
      requireStage(await verified(), ["downgrade"]);
    }),
    check("the entities are what the revisions lead to", async () => requireModels(await verified())),
  ];
}

const patience = 300_000;

function check(name: string, body: () => Promise<void>): Check {
  return { name, timeout: patience, run: () => body().catch(rethrow) };
}

/** A test runner shows the message alone: what to do next belongs to it. */
function rethrow(error: unknown): never {
  if (!(error instanceof LimbeckError) || error.message.endsWith(error.hint)) throw error;
  throw new LimbeckError(error.outcome, error.code, `${error.message}\n${error.hint}`, error.hint, error.details, error);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function open(options: CheckOptions) {
  return openProject(await locationOf(options), true);
}

async function locationOf({ cwd = process.cwd(), config, exportName, url, x }: CheckOptions) {
  const given = {
    cwd,
    ...(config === undefined ? {} : { file: config }),
    ...(exportName === undefined ? {} : { exportName }),
    ...(x === undefined ? {} : { x }),
  };
  if (url !== undefined) return { ...given, url };
  const { configuration } = await openProject(given);
  // the folder is never made: scratch databases have folders of their own
  return configuration.dialect === "postgres" ? { ...given, url: "embedded:.limbeck/scratch" } : given;
}

function requireStage({ steps }: VerifyResult, stages: readonly string[]): void {
  const wrong = steps.find(({ problem }) => problem !== null && stages.includes(problem.stage));
  if (wrong?.problem == null) return;
  throw refused(
    "verify-failed",
    `Revision ${wrong.id} (${wrong.message}), ${wrong.problem.stage}: ${wrong.problem.message}`,
    `limbeck verify ${wrong.id}:${wrong.id}`,
    {
      revision: wrong.id,
    },
  );
}

function requireModels({ models, steps }: VerifyResult): void {
  if (models === null) {
    const wrong = steps.find(({ ok }) => !ok);
    throw refused("verify-failed", `The last revision was not reached: ${wrong?.id ?? "none"} is wrong.`, "limbeck verify", {});
  }
  if (models.ok) return;
  throw refused(
    "verify-failed",
    `The entities say more than the revisions:\n${models.operations.map((operation) => `  ${describe(operation)}`).join("\n")}`,
    "limbeck revision --autogenerate",
    { operations: models.operations },
  );
}
