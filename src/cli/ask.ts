import { createInterface } from "node:readline/promises";
import { interrupted } from "../core/errors.ts";
import { pointText } from "../core/point.ts";
import type { Point } from "../core/revision.ts";
import { printable } from "./output.ts";

const answers: Readonly<Record<string, "rename" | "drop" | null>> = { y: "rename", yes: "rename", n: "drop", no: "drop", "": null };

/** Asks one review point on the terminal: yes renames, no drops, nothing leaves it open; anything else is asked again. */
export async function ask(point: Point): Promise<"rename" | "drop" | null> {
  const evidence = point.evidence.map((line) => `    ${line}`).join("\n");
  const question = `${pointText(point)}: a rename?\n${evidence}\n  y = rename, n = drop and add, Enter = leave open: `;
  for (;;) {
    const answer = answers[(await reply(printable(question).replaceAll("\\u000a", "\n"))).toLowerCase()];
    if (answer !== undefined) return answer;
  }
}

/** Nothing but yes is a yes. */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await reply(`${question} y/N `));
}

async function reply(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(question)).trim();
  } catch (error) {
    // Ctrl-C and Ctrl-D
    if (error instanceof Error && error.name === "AbortError") {
      process.stderr.write("\n");
      throw interrupted("interrupted", "The question was not answered. Nothing was changed.", "run the same command again", {}, error);
    }
    throw error;
  } finally {
    prompt.close();
  }
}
