import type { Command } from "commander";
import { usage } from "../core/errors.ts";

/** What every command takes. */
export interface Common {
  readonly config?: string;
  readonly dataSource?: string;
  readonly export?: string;
  readonly url?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly progress?: boolean;
  readonly trace?: boolean;
  readonly x?: readonly string[];
}

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

/** Adds the options that every command has, and an example to its help. */
export function common(command: Command, ...examples: readonly string[]): Command {
  return command
    .option("-c, --config <file>", "the module that exports the data source")
    .option("-d, --dataSource <file>", "the same, as TypeORM spells it")
    .option("--export <name>", "which export, when the module has several data sources")
    .option("--url <url>", "connect there instead (also LIMBECK_URL)")
    .option("-x <key=value>", "a value for the revisions to read; may be repeated", collect)
    .option("--json", "one JSON document on stdout")
    .option("-q, --quiet", "say only what went wrong")
    .option("-v, --verbose", "say more")
    .option("--no-color", "no colours (also NO_COLOR)")
    .option("--no-progress", "no progress bar")
    .option("--trace", "the full stack trace with an error")
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
}

/** Where the project is and how to reach its database, as the app's functions take it. */
export function location(options: Common): {
  cwd: string;
  file?: string;
  exportName?: string;
  url?: string;
  x: Readonly<Record<string, string>>;
} {
  const file = options.config ?? options.dataSource;
  const url = options.url ?? process.env.LIMBECK_URL;
  return {
    cwd: process.cwd(),
    ...(file === undefined ? {} : { file }),
    ...(options.export === undefined ? {} : { exportName: options.export }),
    ...(url === undefined || url === "" ? {} : { url }),
    x: pairs("-x", options.x ?? []),
  };
}

/** `a=b` texts as a record. */
export function pairs(flag: string, list: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw usage("bad-option", `${flag} takes NAME=VALUE, not "${text}".`, `${flag} NAME=VALUE`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

export function seconds(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw usage("bad-option", `${flag} takes a number of seconds, not "${text}".`, `${flag} 30`);
  return value;
}
