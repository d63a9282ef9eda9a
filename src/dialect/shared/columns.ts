import type { Column } from "../../core/schema.ts";

/** Are two columns the same in all but these fields? */
export function sameBut(a: Column, b: Column, ...fields: readonly (keyof Column)[]): boolean {
  const rest = (column: Column): string =>
    JSON.stringify(
      Object.entries(column)
        .filter(([key]) => !fields.includes(key as keyof Column))
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return rest(a) === rest(b);
}
