import { createRequire } from "node:module";
import { usage } from "../../core/errors.ts";
import { here } from "./self.ts";
import { syntaxError } from "./syntax-error.ts";

type TypeScript = typeof import("typescript");

/** The slower way, where there is no swc: TypeScript's own compiler, the user's or the one that writes the revisions. */
export function transpile(source: string, file: string): string {
  const ts = typescript(file);
  const result = ts.transpileModule(source, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
      esModuleInterop: true,
      inlineSourceMap: true,
    },
  });
  const [problem] = (result.diagnostics ?? []).filter(({ code }) => code < 2000);
  if (problem !== undefined) {
    const place = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0) ?? { line: 0, character: 0 };
    const reason = ts.flattenDiagnosticMessageText(problem.messageText, " ");
    throw syntaxError(file, source, { line: place.line + 1, column: place.character + 1, reason });
  }
  return result.outputText
    .replace(/\bimport\.meta\.url\b/g, 'require("url").pathToFileURL(__filename).toString()')
    .replace(/\bimport\.meta\.(dirname|filename)\b/g, "__$1");
}

function typescript(file: string): TypeScript {
  const sources: readonly (() => TypeScript)[] = [
    () => createRequire(file)("typescript"),
    () => createRequire(here)("ts-morph").ts,
    () => createRequire(here)("typescript"),
  ];
  for (const load of sources) {
    try {
      const ts = load();
      // from version 7 on there is no such function
      if (typeof ts.transpileModule === "function") return ts;
    } catch {
      // the next one
    }
  }
  throw usage("no-compiler", `Nothing here can compile ${file}.`, "npm install @swc/core", { file });
}
