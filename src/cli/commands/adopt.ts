import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";

interface Options extends Common {
  readonly message?: string;
  readonly revId?: string;
  readonly all?: boolean;
  readonly fromTypeorm?: boolean;
}

export const adopt: Register = (program) => {
  common(
    program
      .command("adopt")
      .description("Take over a database that was built without revisions: a baseline revision, stamped and not executed.")
      .option("-m, --message <text>", "what it says; baseline")
      .option("--rev-id <id>", "the id, instead of a random one")
      .option("--all", "take in what no entity knows, too")
      .option("--from-typeorm", "take over the migrations of TypeORM's runner, too: a revision for each, those that have run stamped"),
    "limbeck adopt",
    'limbeck adopt --all -m "production as it is"',
    "limbeck adopt --from-typeorm",
  ).action(async (options: Options) => {
    const app = await import("../../app/adopt.ts");
    const out = output(options);
    const { message, revId } = options;
    const result = await app.adopt(location(options), {
      ...(message === undefined ? {} : { message }),
      ...(revId === undefined ? {} : { id: revId }),
      all: options.all === true,
      fromTypeorm: options.fromTypeorm === true,
    });
    out.result(result, () =>
      [
        ...result.wrapped.map(({ file, applied }) => `${out.paint("green", applied ? "wrote and stamped" : "wrote")} ${printable(file)}`),
        `${out.paint("green", "wrote and stamped")} ${printable(result.file)}`,
        ...result.unmanaged.map(({ what, table, name }) =>
          out.paint("dim", printable(`left alone: ${what} ${table === undefined ? "" : `${table}.`}${name}`)),
        ),
      ].join("\n"),
    );
  });
};
