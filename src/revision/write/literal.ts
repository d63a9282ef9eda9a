import { isSql } from "../../core/sql.ts";

/** Values as TypeScript, laid out as Prettier and Biome lay them out by default, so that they leave the file alone. */
export const width = 80;

export function literal(value: unknown, indent: number, column: number, tail: number): string {
  const one = flat(value);
  if (!mustBreak(value) && column + one.length + tail <= width) return one;
  return broken(value, indent) ?? one;
}

/** Each item on a line of its own; null for what can't be broken. */
function broken(value: unknown, indent: number): string | null {
  const pad = " ".repeat(indent + 2);
  if (Array.isArray(value) && value.length > 0) {
    const items = value.map((item) => `${pad}${literal(item, indent + 2, indent + 2, 1)},\n`);
    return `[\n${items.join("")}${" ".repeat(indent)}]`;
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    const items = Object.entries(value).map(([name, item]) => {
      const head = `${pad}${key(name)}: `;
      const tail = literal(item, indent + 2, head.length, 1);
      return `${head}${tail},\n`;
    });
    return `{\n${items.join("")}${" ".repeat(indent)}}`;
  }
  return null;
}

export function flat(value: unknown): string {
  if (typeof value === "string") return text(value);
  if (isSql(value)) return `sql\`${template(value.sql)}\``;
  if (Array.isArray(value)) return `[${value.map(flat).join(", ")}]`;
  if (isObject(value)) {
    const items = Object.entries(value).map(([name, item]) => `${key(name)}: ${flat(item)}`);
    return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
  }
  return String(value);
}

export function mustBreak(value: unknown): boolean {
  if (isSql(value)) return value.sql.includes("\n");
  if (Array.isArray(value)) return breaksAsList(value) || value.some(mustBreak);
  return isObject(value) && Object.values(value).some(mustBreak);
}

/** Formatters break a list of several objects, or of several lists, that have more than one part each. */
function breaksAsList(list: readonly unknown[]): boolean {
  if (list.length < 2) return false;
  const size = (item: unknown) => (Array.isArray(item) ? item.length : isObject(item) ? Object.keys(item).length : 0);
  const sameKind = list.every(Array.isArray) || list.every(isObject);
  return sameKind && list.every((item) => size(item) > 1);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSql(value);
}

function key(name: string): string {
  // written plainly it would set the prototype
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

/** Double quotes, unless single ones need fewer escapes. */
function text(value: string): string {
  const doubles = value.split('"').length;
  const quote = doubles > value.split("'").length ? "'" : '"';
  const escaped = visible(value.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`)).replaceAll("\n", "\\n");
  return `${quote}${escaped}${quote}`;
}

function template(value: string): string {
  return visible(value.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${"));
}

/** Control characters, marks that turn the writing direction, and line ends that TypeScript knows but people do not see. */
export function visible(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return value.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (c) => {
    return c === "\r" ? "\\r" : c === "\t" ? "\\t" : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
