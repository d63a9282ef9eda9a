const string = String.raw`"(?:[^"\\\x01-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const scalar = String.raw`-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null`;
/** after the strings became \x01 and the rest \x02 */
const value = String.raw`[\x01\x02]\s*`;
const pair = String.raw`\x01\s*:\s*${value}`;
const list = String.raw`\[\s*(?:${value}(?:,\s*${value})*)?\]`;
const map = String.raw`\{\s*(?:${pair}(?:,\s*${pair})*)?\}`;
const container = `${list}|${map}`;

/**
 * Is a text no JSON? Before PostgreSQL 16 a text cannot be tried without an error, so it is read here: strings and words become one character each,
 * then what stands in brackets, from the inside out, until one value is left, or something that is none.
 */
export function isNoJson(text: string): string {
  const words = `regexp_replace(regexp_replace(${text}::text, '${string}', chr(1), 'g'), '${scalar}', chr(2), 'g')`;
  return String.raw`(${text}::text ~ '[\x01-\x08\x0b\x0c\x0e-\x1f]' OR NOT EXISTS (
WITH RECURSIVE steps(read) AS (SELECT ${words} UNION ALL SELECT regexp_replace(read, '${container}', chr(2), 'g') FROM steps WHERE read ~ '${container}')
SELECT FROM steps WHERE read ~ '^\s*[\x01\x02]\s*$'))`;
}
