import { SourceMap } from "node:module";

const maps = new Map<string, string | SourceMap>();
const comment = "//# sourceMappingURL=data:application/json;base64,";

export function remember(file: string, code: string): void {
  const at = code.lastIndexOf(comment);
  if (at >= 0) maps.set(file, code.slice(at + comment.length).trim());
}

/**
 * Stack traces of compiled files name the lines that people wrote. Node's own switch for this would also read the maps of every
 * package that is loaded, which takes longer than all the rest.
 */
export function mapStacks(): void {
  const previous = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    if (previous !== undefined && !frames.some((frame) => maps.has(frame.getFileName() ?? ""))) return previous(error, frames);
    return [headOf(error), ...frames.map((frame) => `    at ${written(frame)}`)].join("\n");
  };
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function written(frame: NodeJS.CallSite): string {
  const text = frame.toString();
  const file = frame.getFileName();
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (file === null || file === undefined || line === null || column === null) return text;
  const origin = mapOf(file)?.findEntry(line - 1, column - 1);
  if (origin === undefined || !("originalLine" in origin)) return text;
  return text.replace(`${file}:${line}:${column}`, `${file}:${origin.originalLine + 1}:${origin.originalColumn + 1}`);
}

function mapOf(file: string): SourceMap | undefined {
  const known = maps.get(file);
  if (typeof known !== "string") return known;
  const map = new SourceMap(JSON.parse(Buffer.from(known, "base64").toString()));
  maps.set(file, map);
  return map;
}
