import { type Common, common, location } from "../context.ts";
import { output } from "../output.ts";
import type { Register } from "../register.ts";

interface Options extends Common {
  readonly purge?: boolean;
  readonly sql?: boolean;
  readonly verify?: boolean;
}

export const stamp: Register = (program) => {
  common(
    program
      .command("stamp")
      .argument("<revisions...>", "head, heads, base, an id; A:B with --sql")
      .description("Record that the database is at a revision, without running anything.")
      .option("--purge", "forget everything recorded before, also revisions whose files are missing")
      .option("--sql", "write the statements to stdout instead; connects to nothing")
      .option("--verify", "refuse unless the database really equals that revision"),
    "limbeck stamp head",
    "limbeck stamp --purge base",
  ).action(async (targets: string[], options: Options) => {
    const app = await import("../../app/stamp.ts");
    const out = output(options);
    if (options.sql) {
      out.script(await app.stampScript(location(options), targets, options.purge === true));
      return;
    }
    const result = await app.stamp(location(options), targets, { purge: options.purge === true, verify: options.verify === true });
    out.result(result, () => `at ${result.heads.join(", ") || "base (nothing applied)"}`);
  });
};
