import type { Ailment } from "../../app/journal/ailment.ts";
import type { RepairResult } from "../../app/repair.ts";
import { exitCodes } from "../../core/errors.ts";
import { confirm } from "../ask.ts";
import { type Common, common, location } from "../context.ts";
import { type Output, output, printable } from "../output.ts";
import type { Register } from "../register.ts";

interface Options extends Common {
  readonly yes?: boolean;
}

export const repair: Register = (program, done) => {
  common(
    program
      .command("repair")
      .description("Explain what is wrong with the journal, and mend it with your consent. Nothing but the journal is written.")
      .option("-y, --yes", "mend without asking"),
    "limbeck repair",
    "limbeck repair --yes --json",
  ).action(async (options: Options) => {
    const app = await import("../../app/repair.ts");
    const out = output(options);
    const asks = process.stdin.isTTY === true && process.stderr.isTTY === true && !out.json;
    const result = await app.repair(location(options), async (ailments) => {
      if (options.yes) return true;
      if (!asks) return false;
      process.stderr.write(`${ailments.map((one) => ailmentText(one, out)).join("\n")}\n`);
      return confirm("Mend the journal so?");
    });
    const left = result.ailments.filter(({ mended }) => !mended);
    out.result(result, () => repairText(result, out));
    done(left.length === 0 ? 0 : exitCodes.integrity);
  });
};

function repairText({ ailments, atWork, heads }: RepairResult, out: Output): string {
  const at = `at ${heads.map(printable).join(", ") || "base (nothing applied)"}`;
  const mendable = ailments.some(({ mend, mended }) => mend !== null && !mended);
  return [
    ...ailments.map((one) => (one.mended ? `${out.paint("green", "mended")} ${printable(one.mend ?? "")}` : ailmentText(one, out))),
    ...(atWork === null ? [] : [`a run is at work: ${printable(atWork)}`]),
    ...(mendable ? ["nothing was changed; to mend what can be: limbeck repair --yes"] : []),
    ...(ailments.length === 0 ? [`${out.paint("green", "well")}: the journal fits the files, ${at}`] : [at]),
  ].join("\n");
}

function ailmentText({ kind, says, details, mend, instead }: Ailment, out: Output): string {
  return [
    `${out.paint("red", kind)} ${printable(says)}`,
    ...details.map((line) => `    ${printable(line)}`),
    ...(mend === null ? [] : [`  mend: ${printable(mend)}`]),
    `  ${mend === null ? "do" : "or"}: ${printable(instead)}`,
  ].join("\n");
}
