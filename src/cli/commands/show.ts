import { type Common, common, location } from "../context.ts";
import { output } from "../output.ts";
import type { Register } from "../register.ts";
import { revisionText } from "../text/revision.ts";
import { schemaText } from "../text/schema.ts";

interface Options extends Common {
  readonly sql?: boolean;
  readonly schema?: boolean;
}

export const show: Register = (program) => {
  common(
    program
      .command("show")
      .argument("<revision>", "head, an id, current")
      .description("One revision: its head and its operations.")
      .option("--sql", "the SQL that it runs, both ways")
      .option("--schema", "the schema as it stands after this revision"),
    "limbeck show head",
    "limbeck show 504e --sql",
    "limbeck show 504e --schema",
  ).action(async (revision: string, options: Options) => {
    const app = await import("../../app/show.ts");
    const out = output(options);
    if (options.sql) {
      out.script(await app.showSql(location(options), revision));
      return;
    }
    if (options.schema) {
      const schema = await app.showSchema(location(options), revision);
      out.result(schema, () => schemaText(schema, out));
      return;
    }
    const result = await app.show(location(options), revision);
    out.result(result, () => revisionText(result, out));
  });
};
