import type { Moved, PlannedRevision } from "../../app/move/move.ts";
import { type Output, printable } from "../output.ts";

export function movedText(what: "applied" | "reverted", moved: readonly Moved[], heads: readonly string[], out: Output): string {
  const at = `now at ${heads.join(", ") || "base (nothing applied)"}`;
  if (moved.length === 0) return `nothing to do, ${at}`;
  return [
    ...moved.map(({ id, message, ms, statements }) => {
      const detail = out.paint("dim", `${statements} statement${statements === 1 ? "" : "s"}, ${ms} ms`);
      return `${out.paint("green", what)} ${out.paint("yellow", printable(id))} ${printable(message)} ${detail}`;
    }),
    at,
  ].join("\n");
}

export function plannedText(revisions: readonly PlannedRevision[], out: Output, nothing: string): string {
  if (revisions.length === 0) return nothing;
  return revisions
    .map(({ id, message, statements }) =>
      [
        out.paint("bold", `-- ${printable(id)} ${printable(message)}`),
        ...statements.flatMap(({ sql, hazards }) => [
          ...hazards.map(({ kind, message: why }) => out.paint("red", `-- ${kind}: ${printable(why)}`)),
          `${printable(sql)};`,
        ]),
      ].join("\n"),
    )
    .join("\n\n");
}
