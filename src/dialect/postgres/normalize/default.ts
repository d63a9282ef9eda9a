import { isText, parseType } from "../type.ts";
import { unwrapped } from "./text.ts";
import { normalType } from "./type.ts";

const numbers = new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision"]);

/** A default without what PostgreSQL adds to it when it prints it; undefined when it is none at all. */
export function normalDefault(text: string, columnType: string): string | undefined {
  const type = parseType(columnType);
  const value = withoutCast(unwrapped(text), columnType);
  if (/^null(?:::.*)?$/is.test(value)) return undefined;
  const literal = /^'((?:[^']|'')*)'$/s.exec(value)?.[1];
  if (!type.array && numbers.has(type.base)) {
    const number = (literal ?? value).trim().replace(/^\((-?[\d.]+)\)$/, "$1");
    if (/^[-+]?\d+(?:\.\d+)?$/.test(number)) return number.replace(/^\+/, "");
  }
  if (!type.array && type.base === "boolean") {
    const word = (literal ?? value).toLowerCase();
    if (["t", "true", "yes", "on", "1"].includes(word)) return "true";
    if (["f", "false", "no", "off", "0"].includes(word)) return "false";
  }
  return value;
}

/** `'x'::character varying` is 'x' on a text column; a cast to the column's own type says nothing. */
function withoutCast(text: string, columnType: string): string {
  const [, literal, cast] = /^('(?:[^']|'')*')::([a-z_"][\w". ()[\],]*)$/is.exec(text) ?? [];
  if (literal === undefined || cast === undefined) return text;
  const [from, to] = [parseType(normalType(cast)), parseType(columnType)];
  const same = from.base === to.base && from.array === to.array;
  return same || (isText(from) && isText(to) && !from.array && !to.array) || (numbers.has(from.base) && numbers.has(to.base) && !to.array)
    ? literal
    : text;
}
