import { remembered } from "../shared/remember.ts";
import { printTokens, withoutIntroducers } from "./expressions.ts";
import { withoutIdleParentheses } from "./parentheses.ts";
import { literal, scan, type Token, withoutOuterParentheses, withoutTrailingSpaces } from "./scan.ts";
import { baseType } from "./types.ts";

/**
 * The one spelling of a column's default: a literal as the column keeps it, the current time as `CURRENT_TIMESTAMP(3)`, any other
 * expression in parentheses, which both flavors take. Undefined: none.
 */
export const normalizeDefault = remembered((text: string, type: string, flavor: string): string | undefined => {
  const tokens = withoutOuterParentheses(withoutIdleParentheses(withoutIntroducers(scan(text))));
  const time = /^(datetime|timestamp)\b/.test(type) ? currentTime(tokens, type) : undefined;
  if (time !== undefined) return time;
  const value = literalOf(tokens);
  if (value === null) return undefined;
  if (value === undefined) return `(${printTokens(tokens)})`;
  const spelled = spell(value, type);
  return flavor === "mysql" && /^(tiny|medium|long)?(text|blob)$|^json$/.test(type) ? `(${spelled})` : spelled;
});

/** With no more digits than the column has, and with all of them where none are said. */
function currentTime(tokens: readonly Token[], type: string): string | undefined {
  const [word, open, said] = tokens.map((token) => token.text);
  if (word === undefined || !nows.has(word)) return undefined;
  const bare = tokens.length === 1 || (tokens.length === 3 && open === "(" && said === ")");
  const precise = tokens.length === 4 && open === "(" && /^\d$/.test(said ?? "");
  if (!bare && !precise) return undefined;
  const most = Number(/\((\d)\)/.exec(type)?.[1] ?? 0);
  const digits = precise ? Math.min(most, Number(said)) || most : most;
  return digits === 0 ? "CURRENT_TIMESTAMP" : `CURRENT_TIMESTAMP(${digits})`;
}
const nows = new Set(["now", "current_timestamp", "localtime", "localtimestamp"]);

export function normalizeOnUpdate(text: string, type: string): string {
  return currentTime(withoutOuterParentheses(scan(text)), type) ?? text;
}

/** A literal's value; null is NULL, undefined no literal. */
type Value = { readonly kind: "string" | "number" | "bytes"; readonly value: string };

function literalOf(tokens: readonly Token[]): Value | null | undefined {
  const [first, second] = tokens;
  if (first === undefined) return undefined;
  const sign = first.text === "-" || first.text === "+";
  if (tokens.length === 2 && sign && second?.kind === "number")
    return { kind: "number", value: (first.text === "-" ? "-" : "") + second.text };
  if (tokens.length !== 1) return undefined;
  if (first.text === "null") return null;
  if (first.text === "true" || first.text === "false") return { kind: "number", value: first.text === "true" ? "1" : "0" };
  if (first.kind === "string" || first.kind === "number" || first.kind === "bytes") return { kind: first.kind, value: first.value };
  return undefined;
}

function spell(value: Value, type: string): string {
  const base = baseType(type);
  const numeric = value.kind === "bytes" ? BigInt(`0x${value.value || "0"}`).toString() : value.value.trim();
  if (base === "bit") return `b'${value.kind === "string" ? bitsOfText(value.value) : BigInt(whole(numeric) ?? "0").toString(2)}'`;
  if (integers.has(base)) return whole(numeric) ?? numberOrText(value, numeric);
  if (base === "decimal") return decimal(numeric, Number(/,(\d+)\)/.exec(type)?.[1] ?? 0)) ?? numberOrText(value, numeric);
  if (base === "float" || base === "double") return plain(numeric) ? String(Number(numeric)) : numberOrText(value, numeric);
  if (base === "year") return /^\d{4}$/.test(numeric) ? numeric : numberOrText(value, numeric);
  if (base === "binary" || base === "varbinary" || base.endsWith("blob")) return bytes(value, type);
  const text = value.kind === "bytes" ? Buffer.from(evenly(value.value), "hex").toString("utf8") : value.value;
  if (base === "datetime" || base === "timestamp" || base === "time")
    return literal(moment(text, base, Number(/\((\d)\)/.exec(type)?.[1] ?? 0)));
  return literal(base === "enum" || base === "set" || base === "char" ? withoutTrailingSpaces(text) : text);
}
const integers = new Set(["tinyint", "smallint", "mediumint", "int", "bigint"]);

function numberOrText(value: Value, numeric: string): string {
  return value.kind === "string" ? literal(value.value) : numeric;
}

function plain(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

function whole(text: string): string | undefined {
  const digits = /^([+-]?)0*(\d+?)(\.0*)?$/.exec(text);
  if (digits === null) return undefined;
  return digits[1] === "-" && digits[2] !== "0" ? `-${digits[2]}` : digits[2];
}

/** With as many digits after the point as the column has; rounding is the server's. */
function decimal(text: string, scale: number): string | undefined {
  const parts = /^([+-]?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign, digits, fraction = ""] = parts;
  if (fraction.length > scale) return undefined;
  const value = (digits || "0") + (scale > 0 ? `.${fraction.padEnd(scale, "0")}` : "");
  return sign === "-" && /[1-9]/.test(value) ? `-${value}` : value;
}

function bitsOfText(text: string): string {
  return BigInt(`0x${Buffer.from(text, "utf8").toString("hex") || "0"}`).toString(2);
}

function bytes(value: Value, type: string): string {
  const content = value.kind === "bytes" ? Buffer.from(evenly(value.value), "hex") : Buffer.from(value.value, "utf8");
  const length = Number(/^binary\((\d+)\)/.exec(type)?.[1] ?? 0);
  const padded = content.length < length ? Buffer.concat([content, Buffer.alloc(length - content.length)]) : content;
  return padded.every((byte) => byte >= 32 && byte < 127) ? literal(padded.toString("latin1")) : `x'${padded.toString("hex")}'`;
}

function evenly(hex: string): string {
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

function moment(text: string, base: string, digits: number): string {
  const point = digits > 0 ? "." : "";
  const time = /^(.*\d:\d\d:\d\d)(?:\.(\d*))?$/.exec(base !== "time" && /^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00:00` : text);
  if (time === null || (time[2] ?? "").length > digits) return text;
  return `${time[1]}${point}${(time[2] ?? "").padEnd(digits, "0")}`;
}
