import { exitCodes } from "../../core/errors.ts";
import { type Common, common, location } from "../context.ts";
import { output } from "../output.ts";
import type { Register } from "../register.ts";
import { checkText } from "../text/check.ts";

export const check: Register = (program, done) => {
  common(
    program.command("check").description("Do entities, revisions and database agree? Exits with 3 when they do not."),
    "limbeck check",
    "limbeck check --json",
  ).action(async (options: Common) => {
    const app = await import("../../app/check.ts");
    const out = output(options);
    const result = await app.check(location(options));
    out.result(result, () => checkText(result, out));
    done(result.clean ? 0 : exitCodes.differences);
  });
};
