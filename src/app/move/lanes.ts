import { exitCodes, failed, LimbeckError } from "../../core/errors.ts";
import { redact } from "../../core/redact.ts";

/** So many at once; none is begun any more when it does not go on. */
export async function inLanes<T>(
  all: readonly T[],
  concurrency: number,
  work: (one: T) => Promise<void>,
  goesOn: () => boolean = () => true,
): Promise<void> {
  const left = [...all];
  const lane = async () => {
    for (let one = left.shift(); one !== undefined && goesOn(); one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, lane));
}

/** What ended the work on one target. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What was not foreseen on one target must not end the others in the middle of their work. */
export function toldOf(error: unknown): Told & { readonly exitCode: number } {
  const { code, message, hint, outcome } = error instanceof LimbeckError ? error : failed("unexpected", String(error), "limbeck doctor");
  return { code, message: redact(message), hint: redact(hint), exitCode: exitCodes[outcome] };
}
