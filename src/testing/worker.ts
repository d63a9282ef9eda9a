import { openPoints } from "../app/move/refusals.ts";
import { openProject, type Project } from "../app/project/project.ts";
import { type VerifyResult, verifyProject } from "../app/verify.ts";
import { LimbeckError, refused } from "../core/errors.ts";
import { describe } from "../core/operations/index.ts";
import { type Answer, type CheckOptions, type Failure, type Question, questions } from "./questions.ts";

/** Answers all questions: the project is opened once, and its revisions are tried once. */
async function answer(options: CheckOptions): Promise<Answer> {
  const location = await locationOf(options);
  const project = await openProject(location, { entities: true });
  const found: { [Q in Question]?: Failure } = {};
  const ask = async (question: Question, body: () => Promise<void> | void) => {
    try {
      await body();
    } catch (error) {
      found[question] = failureOf(error);
    }
  };
  await ask("the revisions have one head", () => requireOneHead(project));
  await ask("no revision has an open review point", () => {
    for (const { header } of project.files) if (header.review.length > 0) throw openPoints(header);
  });
  const verified = verifyProject(location, project, undefined);
  await ask("every revision goes up, and up again, with rows in the tables", async () =>
    requireStage(await verified, ["upgrade", "upgrade again", "history"]),
  );
  await ask("taking a revision back restores the schema and the rows", async () => requireStage(await verified, ["downgrade"]));
  await ask("the entities are what the revisions lead to", async () => requireModels(await verified));
  return found;
}

function requireOneHead({ graph: { heads } }: Project): void {
  if (heads.length > 1) throw refused("several-heads", `There are several heads: ${heads.join(", ")}.`, "limbeck merge heads", { heads });
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

function failureOf(error: unknown): Failure {
  if (error instanceof LimbeckError) {
    const { outcome, code, message, hint, details } = error;
    return { outcome, code, message, hint, details };
  }
  return { code: "unexpected", message: error instanceof Error ? (error.stack ?? error.message) : String(error), hint: "", details: {} };
}

/** A project that can't be opened fails every question. */
async function answerOrWhyNot(options: CheckOptions): Promise<Answer> {
  try {
    return await answer(options);
  } catch (error) {
    const failure = failureOf(error);
    return Object.fromEntries(questions.map((question) => [question, failure]));
  }
}

const options = JSON.parse(process.argv[2] ?? "{}") as CheckOptions;
process.send?.(await answerOrWhyNot(options), () => process.exit());
