import { usage } from "./errors.ts";
import type { Op } from "./op.ts";
import type { Kind, Operation } from "./operation.ts";
import { kindNamed, make } from "./operations/index.ts";
import type { CodeStep, Recording } from "./revision.ts";

/** What the body does with `op`, as data. */
export function record(body: (op: Op) => unknown): Recording {
  const code: CodeStep[] = [];
  return { operations: recordInto(code, body), code };
}

function recordInto(code: CodeStep[], body: (op: Op) => unknown): readonly Operation[] {
  const operations: Operation[] = [];
  const call =
    (kind: Kind) =>
    (...given: readonly unknown[]) =>
      void operations.push(made(kind, given, code));
  const op = new Proxy({} as Op, {
    get: (_, name) => (typeof name === "string" ? call(kindNamed(name)) : undefined),
  });
  const result = body(op);
  if (result instanceof Promise) {
    // a rejection after the refusal below would end the process
    result.catch(() => {});
    throw usage(
      "async-revision",
      "upgrade(op) and downgrade(op) only record: they must not be async.",
      "put code that waits into op.run(title, async (db) => …)",
    );
  }
  return operations;
}

function made(kind: Kind, given: readonly unknown[], code: CodeStep[]): Operation {
  if (kind === "run") {
    const [title, step] = given;
    if (typeof step !== "function") throw usage("bad-operation", "op.run takes a title and a function.", "op.run(title, async (db) => …)");
    const { transaction } = step as CodeStep;
    return make("run", [title, code.push(step as CodeStep) - 1, ...(transaction === undefined ? [] : [transaction])]);
  }
  if (kind === "on") {
    const [dialect, body] = given;
    const known = ["postgres", "mysql", "mariadb"];
    if (typeof dialect !== "string" || !known.includes(dialect) || typeof body !== "function") {
      throw usage("bad-operation", `op.on takes ${known.join(", ")} and a function.`, 'op.on("mysql", (op) => …)');
    }
    return make("on", [dialect, recordInto(code, body as (op: Op) => unknown)]);
  }
  if (kind === "assume") {
    const [body] = given;
    if (typeof body !== "function") throw usage("bad-operation", "op.assume takes a function.", "op.assume((op) => …)");
    return make("assume", [recordInto(code, body as (op: Op) => unknown)]);
  }
  return make(kind, given);
}
