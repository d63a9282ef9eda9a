type Below = (id: string) => readonly string[];

/** All ids, what is below first, else in the given order; null when there is a cycle. No recursion: chains are long. */
export function topological(ids: Iterable<string>, below: Below): readonly string[] | null {
  const order: string[] = [];
  const cyclic = walk(ids, below, (id) => order.push(id));
  return cyclic === null ? order : null;
}

/** The ids of one cycle, from above to below; null when there is none. */
export function cycleIn(ids: readonly string[], below: Below): readonly string[] | null {
  return walk(ids, below, () => {});
}

/** Depth first; `leave` is called once all below is left. Gives the cycle that stopped it. */
function walk(ids: Iterable<string>, below: Below, leave: (id: string) => void): readonly string[] | null {
  const left = new Set<string>();
  const path: { readonly id: string; readonly below: readonly string[]; at: number }[] = [];
  const onPath = new Set<string>();
  const enter = (id: string) => {
    path.push({ id, below: below(id), at: 0 });
    onPath.add(id);
  };
  for (const start of ids) {
    if (left.has(start)) continue;
    // most often what is below comes first
    if (below(start).every((id) => left.has(id))) {
      left.add(start);
      leave(start);
      continue;
    }
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const value = top.below[top.at++];
      if (value === undefined) {
        path.pop();
        onPath.delete(top.id);
        left.add(top.id);
        leave(top.id);
      } else if (onPath.has(value)) {
        const entries = path.map(({ id }) => id);
        return entries.slice(entries.indexOf(value));
      } else if (!left.has(value)) enter(value);
    }
  }
  return null;
}
