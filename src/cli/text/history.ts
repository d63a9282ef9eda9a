import type { HistoryRow } from "../../app/history.ts";
import { type Output, printable } from "../output.ts";

type Look = Pick<Output, "verbose" | "paint"> & { readonly graph: boolean };

/** Revisions for people: a line each, or a paragraph each with -v; with `graph` the branches stand left of them. */
export function historyText(rows: readonly HistoryRow[], look: Look): string {
  const gutter = look.graph ? lanes(rows) : rows.map(() => "");
  return rows.map((row, i) => (look.verbose ? paragraph(row, look) : line(row, look, gutter[i] ?? ""))).join(look.verbose ? "\n\n" : "\n");
}

function line(row: HistoryRow, { paint }: Look, gutter: string): string {
  const from = row.parents.length === 0 ? "base" : row.parents.join(", ");
  return `${gutter}${paint("dim", `${from} →`)} ${paint("yellow", printable(row.id))}${marks(row, paint)} ${printable(row.message)}`;
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

/** One column of text a lane: `*` where the revision stands, `|` where another branch passes by. */
function lanes(rows: readonly HistoryRow[]): readonly string[] {
  const waiting: (string | null)[] = [];
  return rows.map((row) => {
    let at = waiting.indexOf(row.id);
    if (at < 0) at = place(waiting, row.id);
    const picture = waiting.map((id, i) => (i === at ? "*" : id === null ? " " : "|")).join(" ");
    // other lanes that waited for the same revision end here
    waiting.forEach((id, i) => {
      if (id === row.id) waiting[i] = null;
    });
    row.parents.forEach((parent, i) => {
      if (waiting.includes(parent)) return;
      if (i === 0) waiting[at] = parent;
      else place(waiting, parent);
    });
    while (waiting.at(-1) === null) waiting.pop();
    return `${picture}  `;
  });
}

function place(waiting: (string | null)[], id: string): number {
  const free = waiting.indexOf(null);
  if (free >= 0) {
    waiting[free] = id;
    return free;
  }
  return waiting.push(id) - 1;
}
