const ms = (value) => (value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`);

export function title(text) {
  console.log(`\n${text.padEnd(48)}${"limbeck".padStart(9)}${"over node".padStart(10)}${"TypeORM".padStart(10)}${"ratio".padStart(8)}`);
}

/** One line: our time, what of it is more than an empty Node, the other's time, how many times ours that is. */
export function row(what, ours, { empty, theirs, note = "" } = {}) {
  const cells = [
    what.padEnd(48),
    ms(ours).padStart(9),
    (empty === undefined ? "" : `+${ms(ours - empty)}`).padStart(10),
    (theirs === undefined ? "" : ms(theirs)).padStart(10),
    (theirs === undefined ? "" : `${(theirs / ours).toFixed(1)}x`).padStart(8),
    note === "" ? "" : `  ${note}`,
  ];
  console.log(cells.join("").trimEnd());
}
