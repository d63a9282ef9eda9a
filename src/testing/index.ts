import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { LimbeckError } from "../core/errors.ts";
import { type Answer, type CheckOptions, type Failure, questions } from "./questions.ts";

export type { CheckOptions } from "./questions.ts";

/** A test, for whatever runs tests: it has failed when `run` throws. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
  /** milliseconds that it may need, however slow the machine is */
  readonly timeout: number;
}

const patience = 300_000;

/** Ready tests of a project's revisions. The scratch database is made once for all of them, and taken away. */
export function checks(options: CheckOptions = {}): readonly Check[] {
  let asked: Promise<Answer> | undefined;
  return questions.map((name) => ({
    name,
    timeout: patience,
    async run() {
      asked ??= ask({ ...options, cwd: options.cwd ?? process.cwd() });
      const failure = (await asked)[name];
      if (failure !== undefined) throw errorOf(failure);
    },
  }));
}

/**
 * In a process of its own: a test runner has its own ways with `require`, `import` and the transformation of files, in which neither the
 * project's own configuration loads nor an embedded database starts.
 */
function ask(options: CheckOptions): Promise<Answer> {
  const worker = fileURLToPath(new URL("./testing-worker.js", import.meta.url));
  return new Promise((done, fail) => {
    // what the project prints while it is loaded is not for the runner's own reports
    const child = fork(worker, [JSON.stringify(options)], { execArgv: [], stdio: ["ignore", 2, 2, "ipc"] });
    let answer: Answer | undefined;
    child.on("message", (message) => {
      answer = message as Answer;
    });
    child.on("error", fail);
    child.on("exit", (code, signal) => {
      if (answer !== undefined) done(answer);
      else fail(new Error(`The process that tries the revisions ended without an answer (${signal ?? code}).`));
    });
  });
}

/** A test runner shows the message alone: what to do next belongs to it. */
function errorOf({ outcome, code, message, hint, details }: Failure): Error {
  if (outcome === undefined) return new Error(message);
  const whole = hint === "" || message.endsWith(hint) ? message : `${message}\n${hint}`;
  return new LimbeckError(outcome, code, whole, hint, details);
}
