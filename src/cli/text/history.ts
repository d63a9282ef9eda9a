import type { HistoryRow } from "../../app/history.ts";
import { type Output, printable } from "../output.ts";
import { type Lane, lanes } from "./lanes.ts";

type Look = Pick<Output, "verbose" | "paint"> & { readonly graph: boolean };

/** Revisions for people: a line each, or a paragraph each with -v; with `graph` the branches stand left of them. */
export function historyText(rows: readonly HistoryRow[], look: Look): string {
  const texts = rows.map((row) => (look.verbose ? `${paragraph(row, look)}\n` : line(row, look)));
  return (look.graph ? beside(lanes(rows), texts) : texts).join("\n").trimEnd();
}

function beside(picture: readonly Lane[], texts: readonly string[]): readonly string[] {
  return picture.flatMap(({ head, body, after }, i) => {
    const [first = "", ...more] = (texts[i] ?? "").split("\n");
    return [head + first, ...more.map((text) => (body + text).trimEnd()), ...after];
  });
}

function line(row: HistoryRow, { paint }: Look): string {
  const from = row.parents.length === 0 ? "base" : row.parents.join(", ");
  const needs = row.dependsOn.length === 0 ? "" : ` ${paint("dim", `(needs ${row.dependsOn.join(", ")})`)}`;
  return `${paint("dim", `${from} →`)} ${paint("yellow", printable(row.id))}${marks(row, paint)}${needs} ${printable(row.message)}`;
}

function paragraph(row: HistoryRow, { paint }: Look): string {
  const lines = [
    `${paint("bold", "Revision")} ${paint("yellow", printable(row.id))}${marks(row, paint)}`,
    `Parents:  ${row.parents.join(", ") || "none (base)"}`,
    ...(row.dependsOn.length > 0 ? [`Depends:  ${row.dependsOn.join(", ")}`] : []),
    ...(row.labels.length > 0 ? [`Labels:   ${row.labels.join(", ")}`] : []),
    `Created:  ${row.createdAt}`,
    `File:     ${printable(row.file)}`,
    "",
    `    ${printable(row.message)}`,
  ];
  return lines.join("\n");
}

function marks(row: HistoryRow, paint: Output["paint"]): string {
  const list = [
    ...row.labels.map((label) => paint("cyan", `(${printable(label)})`)),
    ...(row.isHead ? [paint("green", "(head)")] : []),
    ...(row.isBranchPoint ? ["(branchpoint)"] : []),
    ...(row.isMergePoint ? ["(mergepoint)"] : []),
    ...(row.current === true ? [paint("magenta", "(current)")] : row.applied === false ? [paint("dim", "(pending)")] : []),
  ];
  return list.length === 0 ? "" : ` ${list.join(" ")}`;
}
