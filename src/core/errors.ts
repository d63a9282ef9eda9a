/** How a command ends (docs/errors.md). */
export const exitCodes = {
  failed: 1,
  usage: 2,
  differences: 3,
  refused: 4,
  locked: 5,
  integrity: 6,
  interrupted: 130,
} as const;
export type Outcome = keyof typeof exitCodes;

/**
 * Every error that a user can cause or meet: what happened (`message`), what to do next (`hint`), a stable `code`,
 * and the way the command ends.
 */
export class LimbeckError extends Error {
  override readonly name = "LimbeckError";
  readonly code: string;
  readonly outcome: Outcome;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  /** A revision file may get another copy of this class, with the "limbeck" that it imports. */
  static override [Symbol.hasInstance](value: unknown): value is LimbeckError {
    return value instanceof Error && value.name === "LimbeckError" && "outcome" in value;
  }

  constructor(
    outcome: Outcome,
    code: string,
    message: string,
    hint: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.outcome = outcome;
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}

const make =
  (outcome: Outcome) =>
  (code: string, message: string, hint: string, details?: Readonly<Record<string, unknown>>, cause?: unknown): LimbeckError =>
    new LimbeckError(outcome, code, message, hint, details, cause);

export const failed = make("failed");
export const usage = make("usage");
export const refused = make("refused");
export const locked = make("locked");
export const integrity = make("integrity");
export const interrupted = make("interrupted");
