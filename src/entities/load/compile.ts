import { createRequire } from "node:module";
import type { Options, transformSync } from "@swc/core";
import { cached } from "./cache.ts";
import { here } from "./self.ts";
import { syntaxError } from "./syntax-error.ts";
import { transpile } from "./transpile.ts";

const options: Options = {
  configFile: false,
  swcrc: false,
  isModule: true,
  sourceMaps: "inline",
  inlineSourcesContent: false,
  jsc: {
    target: "es2022",
    keepClassNames: true,
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: "commonjs", importInterop: "swc" },
};

/** TypeScript, with decorators and their metadata, to a CommonJS module. */
export function compile(source: string, file: string): string {
  return cached(`${JSON.stringify(options)}\0${file}\0${source}`, file, () => soften((swc() ?? transpile)(source, file)));
}

type Compiler = (source: string, file: string) => string;
let compiler: Compiler | null | undefined;

/** swc's binary is missing on platforms that it has none for, and where optional packages were left out. */
function swc(): Compiler | null {
  if (compiler !== undefined) return compiler;
  try {
    const transform: typeof transformSync = createRequire(here)("@swc/core").transformSync;
    compiler = (source, file) => withSwc(transform, source, file);
  } catch {
    compiler = null;
  }
  return compiler;
}

function withSwc(transform: typeof transformSync, source: string, file: string): string {
  const parser = { syntax: "typescript", decorators: true, tsx: file.endsWith("x"), dynamicImport: true } as const;
  try {
    return transform(source, { ...options, filename: file, sourceFileName: file, jsc: { ...options.jsc, parser } }).code;
  } catch (cause) {
    throw syntaxError(file, source, placeOf(String((cause as Error).message)));
  }
}

/** swc says where in a drawing: `[file:LINE:1]`, the lines around, and a caret under the column. */
function placeOf(message: string): { line: number; column: number; reason: string } {
  const lines = message.split("\n");
  const caret = lines.findIndex((line) => /^\s*:\s.*[\^─]/.test(line));
  const above = /^(\s*(\d+)\s*\|\s)/.exec(lines[caret - 1] ?? "");
  const reason = (lines[0] ?? "").replace(/^[\s×x]+(?=[A-Z'"`])/, "").trim();
  const named = /:(\d+):\d+\]/.exec(message);
  const column = above === null ? 1 : (lines[caret] ?? "").search(/[\^─]/) - (above[1] ?? "").length + 1;
  return { line: Number(above?.[2] ?? named?.[1] ?? 1), column: Math.max(1, column), reason };
}

const header =
  /^"use strict";\nObject\.defineProperty\(exports, "__esModule"[\s\S]*?\n\}\);\n(?:function _export[\s\S]*?\n\}\n_export\(exports, \{[\s\S]*?\n\}\);\n|Object\.defineProperty\(exports, [\s\S]*?\n\}\);\n)?/;

/**
 * Entities that import each other read an export before it is there: undefined, as with the TypeScript compiler's own output, instead of
 * an error. And a default import of a package that says it was a module, but has no default, is the package, as Node has it.
 */
function soften(code: string): string {
  return code
    .replace(header, (head) => head.replace(/\breturn ([\w$.]+);/g, (all, name) => (name === "target" ? all : `try { ${all} } catch {}`)))
    .replace("return obj && obj.__esModule ? obj : {", 'return obj && obj.__esModule && "default" in obj ? obj : {');
}
