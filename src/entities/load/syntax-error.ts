import { type LimbeckError, usage } from "../../core/errors.ts";

export function syntaxError(
  file: string,
  source: string,
  { line, column, reason }: { line: number; column: number; reason: string },
): LimbeckError {
  const text = source.split(/\r?\n/)[line - 1] ?? "";
  return usage(
    "syntax-error",
    `${file}:${line}:${column} ${reason}\n\n    ${text}\n    ${" ".repeat(Math.max(0, column - 1))}^`,
    "mend the line and run the command again",
    { file, line, column, text, reason },
  );
}
