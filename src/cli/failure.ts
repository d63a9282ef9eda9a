import { exitCodes, LimbeckError } from "../core/errors.ts";
import { redact } from "../core/redact.ts";
import { fileFailure } from "./file-failure.ts";
import { document, printable } from "./output.ts";

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Says an error and gives the exit code. Never a bare stack trace, never a password. */
export function failure(error: unknown, options: { json: boolean; trace: boolean }): number {
  const told = tell(error);
  if (options.json) process.stdout.write(`${document({ error: told }, 2)}\n`);
  else process.stderr.write(`${printable(`error: ${told.message}\n${told.hint ? `\n  ${told.hint.split("\n").join("\n  ")}\n` : ""}`)}`);
  if (options.trace && error instanceof Error) process.stderr.write(`\n${redact(printable(trace(error)))}\n`);
  return error instanceof LimbeckError ? exitCodes[error.outcome] : exitCodes.failed;
}

function tell(error: unknown): Told {
  if (error instanceof LimbeckError) {
    const { code, message, hint, details } = error;
    return { code, message: redact(message), hint: redact(hint), details };
  }
  const told = fileFailure(error);
  if (told !== null) return { ...told, message: redact(told.message) };
  return {
    code: "unexpected",
    message: redact(error instanceof Error ? error.message : String(error)),
    hint: "This was not foreseen. Run the command again with --trace to see where it happened, and please report it.",
    details: {},
  };
}

function trace(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${trace(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
