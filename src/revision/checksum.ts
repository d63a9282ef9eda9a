import { createHash } from "node:crypto";
import type { Revision } from "../core/revision.ts";

/** Of what the revision does, not of how its file is written: formatting, comments and compiling to JavaScript change nothing. */
export function checksum({ upgrade, downgrade }: Pick<Revision, "upgrade" | "downgrade">): string {
  const text = JSON.stringify(sorted([upgrade.operations, downgrade.operations]));
  return createHash("sha256").update(text).digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
