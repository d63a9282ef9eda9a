import { styleText } from "node:util";
import { redact } from "../core/redact.ts";
import type { Common } from "./context.ts";

type Style = Parameters<typeof styleText>[0];

export interface Output {
  readonly json: boolean;
  readonly verbose: boolean;
  /** a bar may be drawn */
  readonly progress: boolean;
  /** the result: the JSON document, or the text for people */
  result(value: unknown, text: () => string): void;
  /** a script: exactly its text on stdout, or a document that has it as `sql` */
  script(sql: string, about?: object): void;
  /** what is going on, on stderr; silent with --quiet */
  note(text: string): void;
  /** the same as a line of JSON, where --json asks for it */
  event(kind: string, about: object): void;
  paint(style: Style, text: string): string;
}

export function output(options: Common): Output {
  const colour = options.color !== false && !process.env.NO_COLOR && (process.stdout.isTTY === true || Boolean(process.env.FORCE_COLOR));
  const json = options.json === true;
  const quiet = options.quiet === true;
  const own = new Set<string>();
  /** Whatever stands in it, a terminal obeys nothing but the styles of `paint`. */
  const safe = (text: string): string =>
    text
      .split(sgr)
      .map((part) => (own.has(part) ? part : printable(part)))
      .join("");
  const event = (kind: string, about: object): void => {
    if (json && !quiet && options.progress !== false) process.stderr.write(`${document({ event: kind, ...about })}\n`);
  };
  return {
    json,
    verbose: options.verbose === true,
    progress: !json && !quiet && options.progress !== false && process.stderr.isTTY === true && !process.env.CI,
    result(value, text) {
      if (json) write(`${document(value, 2)}\n`);
      else {
        const lines = text();
        if (lines && !quiet) write(`${safe(redact(lines))}\n`);
      }
    },
    // for a file or a pipe it is left as it is; a terminal would obey what stands in it
    script(sql, about = {}) {
      if (json) write(`${document({ sql, ...about }, 2)}\n`);
      else write(process.stdout.isTTY ? printable(sql) : sql);
    },
    note(text) {
      if (json) event("note", { message: text });
      else if (!quiet) process.stderr.write(`${safe(redact(text))}\n`);
    },
    event,
    paint(style, text) {
      if (!colour || json) return text;
      const painted = styleText(style, printable(text), { validateStream: false });
      for (const code of painted.match(sgr) ?? []) own.add(code);
      return painted;
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a style begins with
const sgr = /(\u001b\[\d+m)/g;

function write(text: string): void {
  process.stdout.write(text);
}

/**
 * Text from a database or a file, made safe for a terminal: control characters, marks that turn the writing direction, and what nobody can
 * see are shown, not obeyed. In JSON this is the same document.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** A document as text. Whatever it holds, a password is not in it. */
export function document(value: unknown, indent?: number): string {
  return printable(JSON.stringify(value, (_, one: unknown) => (typeof one === "string" ? redact(one) : one), indent));
}
