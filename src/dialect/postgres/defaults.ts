import { remembered } from "../shared/remember.ts";
import { normalizeExpression, type Token, tokensOf, withoutParentheses } from "./scan.ts";
import { normalizeType, partsOf } from "./type-words.ts";

/** A default as it is written most simply; undefined where it says nothing (NULL). */
export const normalizeDefault = remembered((said: string, type: string, defaultSchema: string): string | undefined => {
  const text = normalizeExpression(said);
  const literal = literalOf(text, type, defaultSchema);
  if (literal === undefined) return wellKnown(text);
  return literal.toLowerCase() === "null" ? undefined : literalFor(literal, type);
});

/** The bare literal of a text that is nothing else, apart from casts that its column makes anyway. */
function literalOf(sql: string, type: string, defaultSchema: string): string | undefined {
  const text = withoutParentheses(sql);
  const tokens = tokensOf(text);
  if (isLiteral(tokens)) return text.replace(/^([+-])\s+/, "$1");
  const at = lastCast(tokens);
  if (at === undefined) return undefined;
  const operand = literalOf(textOf(tokens.slice(0, at)), type, defaultSchema);
  if (operand === undefined) return undefined;
  const cast = normalizeType(textOf(tokens.slice(at + 1)), defaultSchema);
  return operand.toLowerCase() === "null" || isRedundant(cast, type, operand) ? operand : undefined;
}

const textOf = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join("");

function isLiteral(tokens: readonly Token[]): boolean {
  const [first, ...rest] = tokens.filter(({ kind }) => kind !== "space");
  if (first === undefined) return false;
  if (first.text === "-" || first.text === "+") return rest.length === 1 && rest[0]?.kind === "number";
  if (rest.length > 0) return false;
  return (
    first.kind === "number" ||
    (first.kind === "string" && first.text.startsWith("'")) ||
    (first.kind === "word" && /^(?:true|false|null)$/i.test(first.text))
  );
}

function lastCast(tokens: readonly Token[]): number | undefined {
  let depth = 0;
  for (let at = tokens.length - 1; at >= 0; at--) {
    const { kind, text } = tokens[at] as Token;
    if (kind !== "sign") continue;
    if (text === ")" || text === "]") depth++;
    else if (text === "(" || text === "[") depth--;
    else if (text === "::" && depth === 0) return at;
  }
  return undefined;
}

const numbers = new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision"]);
const integers = new Set(["smallint", "integer", "bigint"]);
const texts = new Set(["text", "character varying"]);

const cut = new Set(["character varying", "character", "bit", "bit varying"]);

/** A cast with a length cuts, one to another sort of type may change the value: these stay. */
function isRedundant(cast: string, type: string, operand: string): boolean {
  const from = partsOf(cast);
  const to = partsOf(type);
  const base = from.base === "bpchar" ? "character" : from.base;
  if (cast === type && !cut.has(base)) return true;
  if (from.args !== "" || from.array !== to.array) return false;
  if (base === to.base || (texts.has(base) && texts.has(to.base))) return true;
  if (to.array || !numbers.has(base) || !numbers.has(to.base)) return false;
  // few enough digits to be the same number in each of these types
  const fraction = integers.has(base) || integers.has(to.base) ? "" : "(?:\\.\\d{1,2})?";
  return new RegExp(`^'?[+-]?\\d{1,4}${fraction}'?$`).test(operand);
}

function literalFor(literal: string, type: string): string {
  const { base, array } = partsOf(type);
  if (array) return literal;
  const inner = literal.startsWith("'") ? literal.slice(1, -1).trim() : literal;
  if (numbers.has(base) && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(inner)) {
    const number = numberFor(inner.replace(/^\+/, ""), base);
    // TypeORM writes numbers in quotes; integer is the one type for which the server keeps none of them
    return base === "integer" ? number : `'${number}'`;
  }
  if (base === "boolean") return booleanOf(inner) ?? literal;
  // a whole number as the default of a text is that text
  if (texts.has(base) && /^(?:0|-?[1-9]\d*)$/.test(literal)) return `'${literal}'`;
  return /^(?:true|false)$/i.test(literal) ? literal.toLowerCase() : literal;
}

/** The zeros at the end of a decimal are kept by numeric alone. */
function numberFor(digits: string, base: string): string {
  if (/^-?\d+$/.test(digits)) return integers.has(base) ? String(BigInt(digits)) : digits;
  return base === "real" || base === "double precision" ? digits.replace(/^(-?\d+\.\d*?)0+$/, "$1").replace(/\.$/, "") : digits;
}

function booleanOf(word: string): string | undefined {
  if (/^(?:t|true|y|yes|on|1)$/i.test(word)) return "true";
  return /^(?:f|false|n|no|off|0)$/i.test(word) ? "false" : undefined;
}

/** Words and calls without arguments, as the server prints them. */
function wellKnown(text: string): string {
  if (/^(?:current_timestamp|now\s*\(\s*\)|transaction_timestamp\s*\(\s*\))$/i.test(text)) return "now()";
  if (/^(?:current_date|current_time|localtime|localtimestamp|current_user|session_user|current_role|current_catalog)$/i.test(text)) {
    return text.toUpperCase();
  }
  const call = /^([a-z_][a-z0-9_.]*)\s*\(\s*\)$/i.exec(text)?.[1];
  return call === undefined ? text : `${call.toLowerCase()}()`;
}
