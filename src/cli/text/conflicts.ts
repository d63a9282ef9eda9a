import type { MergeConflict, Side } from "../../app/merge/arms.ts";
import { describe } from "../../core/operations/index.ts";
import { type Output, printable } from "../output.ts";

/** Accepted conflicts: they stay worth a look. */
export function conflictLines(conflicts: readonly MergeConflict[], out: Output): readonly string[] {
  const side = ({ file, line, op }: Side) => `  ${printable(`${file}:${line}  ${describe(op)}`)}`;
  return conflicts.flatMap(({ a, b, why }) => [out.paint("yellow", `accepted: ${printable(why)}`), side(a), side(b)]);
}
