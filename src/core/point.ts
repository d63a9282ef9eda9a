import type { Point } from "./revision.ts";

/** What a point asks about, in every place where people read it. */
export function pointText({ kind, schema, table, column, from, to }: Point): string {
  if (kind === "renameTable" || kind === "renameView") return `${from} → ${to}`;
  const place = schema === undefined ? table : `${schema}.${table}`;
  if (kind === "using") return `${place}.${column ?? from ?? to}`;
  return `${column === undefined ? place : `${place}.${column}`}: ${from} → ${to}`;
}
