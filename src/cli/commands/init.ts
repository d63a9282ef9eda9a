import { type Common, common } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";

interface Options extends Common {
  readonly database?: string;
}

export const init: Register = (program) => {
  common(
    program
      .command("init")
      .argument("[dir]", "the project's folder", ".")
      .description("Set up a project: a data source, a first entity, a folder of revisions. Overwrites nothing.")
      .option("--database <kind>", "postgres, mysql, mariadb or embedded"),
    "limbeck init",
    "limbeck init --database mysql",
  ).action(async (dir: string, options: Options) => {
    const app = await import("../../app/init.ts");
    const out = output(options);
    const result = await app.init(dir, options.database);
    out.result({ created: result.created }, () =>
      [...result.created.map((file) => `${out.paint("green", "created")} ${printable(file)}`), ...result.next].join("\n"),
    );
  });
};
