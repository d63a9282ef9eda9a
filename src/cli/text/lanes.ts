/** A row of the picture: left of the first line of a revision's text, left of its other lines, and the lines that lead on from it. */
export interface Lane {
  readonly head: string;
  readonly body: string;
  readonly after: readonly string[];
}

/** A line of the picture that goes from one column to another. */
interface Edge {
  readonly from: number;
  readonly to: number;
}

/**
 * Branches and merges as lines left of the text, as `git log --graph` draws them: newest first, every parent below its children.
 * Each column waits for one revision; parents that are not among the rows get no line.
 */
export function lanes(rows: readonly { readonly id: string; readonly parents: readonly string[] }[]): readonly Lane[] {
  const shown = new Set(rows.map(({ id }) => id));
  let columns: readonly string[] = [];
  return rows.map(({ id, parents }) => {
    const before = columns.includes(id) ? columns : [...columns, id];
    const at = before.indexOf(id);
    const known = [...new Set(parents)].filter((parent) => shown.has(parent));
    const opened = known.filter((parent) => !before.includes(parent));
    const head = picture(before.length, at, "*");
    const body = picture(before.length, at, known.length === 0 ? " " : "|");
    if (known.length === 1 && opened.length === 1) {
      // most rows: nothing moves
      columns = before.map((waiting, column) => (column === at ? (opened[0] ?? waiting) : waiting));
      return { head, body, after: [] };
    }
    columns = [...before.slice(0, at), ...opened, ...before.slice(at + 1)];
    // first a way for every parent, then each to its column
    const ways = known.map((parent) => columns.indexOf(parent)).sort((a, b) => a - b);
    const wider = Math.max(0, ways.length - 1);
    const others = before.flatMap((waiting, from) =>
      from === at ? [] : [{ from, by: from > at ? from + wider : from, to: columns.indexOf(waiting) }],
    );
    const routes = [...others, ...ways.map((to, i) => ({ from: at, by: at + i, to }))];
    return {
      head,
      body,
      after: [
        ...transitions(routes.map(({ from, by }) => ({ from, to: by }))),
        ...transitions(routes.map(({ by, to }) => ({ from: by, to }))),
      ],
    };
  });
}

const picture = (width: number, at: number, sign: string): string => `${"| ".repeat(at)}${sign} ${"| ".repeat(width - at - 1)}`;

/** One line a step, in which every edge that is not where it goes moves by one column. */
function transitions(edges: readonly Edge[]): readonly string[] {
  if (edges.every(({ from, to }) => from === to)) return [];
  const line: string[] = [];
  const moved = edges.map(({ from, to }) => {
    const step = Math.sign(to - from);
    line[2 * from + step] = step === 0 ? "|" : step > 0 ? "\\" : "/";
    return { from: from + step, to };
  });
  return [Array.from(line, (char) => char ?? " ").join(""), ...transitions(moved)];
}
