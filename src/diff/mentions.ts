/** A string, a quoted identifier in either style, or a bare one. */
const tokens = /'(?:[^']|'')*'|"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([\p{L}_][\p{L}\p{N}_$]*)/gu;

/** Every identifier (keywords and functions too) that an expression names, in lower case. */
export function mentions(...expressions: readonly (string | undefined)[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const expression of expressions) {
    for (const [, quoted, ticked, bare] of (expression ?? "").matchAll(tokens)) {
      const name = quoted?.replaceAll('""', '"') ?? ticked?.replaceAll("``", "`") ?? bare;
      if (name !== undefined) found.add(name.toLowerCase());
    }
  }
  return found;
}

export interface TypeName {
  readonly schema?: string;
  readonly name: string;
}

/** `app."Mood"[]` → app, Mood: the name of a type as Column.type writes it, without the brackets of an array. */
export function typeNameOf(type: string): TypeName {
  const [first, second] = [...elementType(type).matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );
  return second === undefined ? { name: first ?? "" } : { schema: first ?? "", name: second };
}

export const elementType = (type: string): string => type.replace(/(\[\])+$/, "");
export const dimensionsOf = (type: string): string => type.slice(elementType(type).length);
