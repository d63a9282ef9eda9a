import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";

interface Options extends Common {
  readonly message: string;
  readonly revId?: string;
  readonly proof?: boolean;
}

export const squash: Register = (program) => {
  common(
    program
      .command("squash")
      .argument("<range>", "the first and the last of them, A:B; base:B from the beginning")
      .description("Put several revisions into one, proved to do the same; the originals are kept for databases that are amid them.")
      .requiredOption("-m, --message <text>", "what it says")
      .option("--rev-id <id>", "the id, instead of a random one")
      .option("--no-proof", "do not try both ways on scratch databases"),
    'limbeck squash base:504e -m "first tables"',
    'limbeck squash 504e:7b40 -m "all of spring"',
  ).action(async (range: string, options: Options) => {
    const app = await import("../../app/squash.ts");
    const out = output(options);
    const { message, revId } = options;
    const result = await app.squash(location(options), range, {
      message,
      ...(revId === undefined ? {} : { id: revId }),
      proof: options.proof !== false,
    });
    out.result(result, () =>
      [
        `${out.paint("green", "wrote")} ${printable(result.file)}: ${result.replaces.length} revisions in one, ${result.operations} operations`,
        ...(result.proved ? ["proved: the same schema and rows as the originals, there and back"] : []),
        ...result.notes.map((note) => out.paint("dim", printable(note))),
        `the originals are in ${printable([...new Set(result.moved.map((file) => file.replace(/[^/\\]*$/, "")))].join(", "))}: keep them as long as a database may be amid them`,
      ].join("\n"),
    );
  });
};
