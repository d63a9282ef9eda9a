import { exitCodes } from "../../core/errors.ts";
import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";
import { operationLine } from "../text/operation.ts";

interface Options extends Common {
  readonly sql?: boolean;
  readonly exitCode?: boolean;
}

export const diff: Register = (program, done) => {
  common(
    program
      .command("diff")
      .argument("[from]", "models, database, revision:REV or a URL", "database")
      .argument("[to]", "the same", "models")
      .description("What would make FROM what TO is.")
      .option("--sql", "as SQL")
      .option("--exit-code", "end with 3 when something differs"),
    "limbeck diff",
    "limbeck diff revision:head database",
    "limbeck diff postgres://production/app postgres://staging/app --sql",
  ).action(async (from: string, to: string, options: Options) => {
    const app = await import("../../app/diff.ts");
    const out = output(options);
    const { sql, ...result } = await app.diffSides(location(options), from, to);
    for (const { what, because } of result.notCompared) out.note(`not compared: ${printable(what)} (${printable(because)})`);
    if (options.sql) out.script(sql.map((statement) => `${statement};\n`).join(""), result);
    else {
      out.result(result, () =>
        result.operations.length === 0 ? "no difference" : result.operations.map((operation) => operationLine(operation, out)).join("\n"),
      );
    }
    done(options.exitCode && result.operations.length > 0 ? exitCodes.differences : 0);
  });
};
