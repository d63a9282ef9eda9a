import type { Models } from "../../app/verify.ts";
import { exitCodes } from "../../core/errors.ts";
import { describe } from "../../core/operations/index.ts";
import { type Common, common, location } from "../context.ts";
import { type Output, output, printable } from "../output.ts";
import type { Register } from "../register.ts";
import { notComparedLines } from "../text/check.ts";

export const verify: Register = (program, done) => {
  common(
    program
      .command("verify")
      .argument("[range]", "only these revisions, A:B; those before them are just run")
      .description("Try the revisions in an empty database: up, down and up again, with rows in the tables."),
    "limbeck verify",
    "limbeck verify 504e:head",
    "limbeck verify --url embedded:.limbeck/verify",
  ).action(async (range: string | undefined, options: Common) => {
    const app = await import("../../app/verify.ts");
    const out = output(options);
    const result = await app.verify(location(options), range);
    if (!result.ok) done(result.steps.every(({ ok }) => ok) ? exitCodes.differences : exitCodes.failed);
    out.result(result, () =>
      [
        ...result.steps.flatMap(({ id, message, problem, notes }) => [
          `${problem === null ? out.paint("green", "ok") : out.paint("red", "failed")} ${printable(`${id} ${message}`)}`,
          ...(problem === null ? [] : [printable(`  ${problem.stage}: ${problem.message}`)]),
          ...notes.map((note) => out.paint("dim", printable(`  ${note}`))),
        ]),
        ...(result.models === null ? [] : modelLines(result.models, out)),
      ].join("\n"),
    );
  });
};

function modelLines(models: Models, out: Output): readonly string[] {
  const judged = models.ok
    ? [`${out.paint("green", "ok")} the entities say the same`]
    : [
        `${out.paint("red", "differs")} the entities say more than the revisions:`,
        ...models.operations.map((operation) => printable(`  ${describe(operation)}`)),
        "next: limbeck revision --autogenerate",
      ];
  return [...judged, ...notComparedLines(models, out)];
}
