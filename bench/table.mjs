// The one table that is printed: as it goes into docs/performance.md.
const columns = ["limbeck", "the least", "of it", "TypeORM", "ratio"];
const width = 56;

const line = (what, cells) =>
  `| ${what.padEnd(width)} | ${cells.map((cell, i) => cell.padStart(Math.max(columns[i].length, 8))).join(" | ")} |`;

export function header(what) {
  console.log(line(what, columns));
  console.log(`| ${"-".repeat(width)} | ${columns.map((name) => `${"-".repeat(Math.max(name.length, 8) - 1)}:`).join(" | ")} |`);
}

export const section = (what) => cells(`**${what}**`, []);

export const ms = (value) => (value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`);
const times = (value) => `${value.toFixed(1)}x`;

/** Our time; what nobody can do without, and how many times that ours is; the other's time, and how many times ours that is. */
export function row(what, ours, { least, theirs } = {}) {
  cells(what, [
    ms(ours),
    ...(least === undefined ? ["", ""] : [ms(least), times(ours / least)]),
    ...(theirs === undefined ? ["", ""] : [ms(theirs), times(theirs / ours)]),
  ]);
}

export function cells(what, given) {
  console.log(line(what, Object.assign(Array(columns.length).fill(""), given)));
}
