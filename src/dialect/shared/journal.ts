import type { JournalEntry, JournalRow } from "../dialect.ts";

/** The journal's columns in the order in which both engines make them. */
export const journalColumns = [
  "id",
  "parents",
  "depends_on",
  "message",
  "checksum",
  "source_hash",
  "applied_at",
  "duration_ms",
  "applied_by",
  "tool_version",
  "status",
  "done",
  "total",
  "session",
  "error",
  "operations",
  "progress",
] as const satisfies readonly (keyof JournalRow)[];

export const entryColumns: readonly (keyof JournalEntry)[] = [
  "id",
  "parents",
  "depends_on",
  "checksum",
  "source_hash",
  "status",
  "done",
  "total",
  "session",
  "error",
];
