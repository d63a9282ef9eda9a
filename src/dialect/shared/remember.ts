const most = 10_000;

/** A schema says the same few hundred types and defaults thousands of times. */
export function remembered<K extends readonly string[], V>(work: (...texts: K) => V): (...texts: K) => V {
  const known = new Map<string, V>();
  return (...texts) => {
    const key = texts.join("\u0000");
    const had = known.get(key);
    if (had !== undefined || known.has(key)) return had as V;
    const value = work(...texts);
    if (known.size < most) known.set(key, value);
    return value;
  };
}
