import { type Common, common, location } from "../context.ts";
import { output, printable } from "../output.ts";
import type { Register } from "../register.ts";

export const edit: Register = (program) => {
  common(
    program.command("edit").argument("<revision>", "head, an id, current").description("Open a revision's file in $VISUAL or $EDITOR."),
    "limbeck edit head",
    'EDITOR="code --wait" limbeck edit 504e',
  ).action(async (revision: string, options: Common) => {
    const app = await import("../../app/edit.ts");
    const result = await app.editRevisionFile(location(options), revision, process.env.VISUAL || process.env.EDITOR);
    output(options).result(result, () => printable(result.file));
  });
};
