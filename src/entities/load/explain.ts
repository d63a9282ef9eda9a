import { LimbeckError, usage } from "../../core/errors.ts";
import { isInstalled } from "./package.ts";

/** Says of an error that loading a file met what a user can do about it. */
export function explain(error: unknown, file: string): unknown {
  if (error instanceof LimbeckError) return error;
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  const at = placeOf(error) ?? file;
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
    const name = /'([^']+)'/.exec(message)?.[1] ?? "a module";
    const isPackage = !/^[./]/.test(name);
    return usage(
      "module-not-found",
      `${importer(message) ?? at} imports "${name}", which is not there.`,
      isPackage ? `npm install ${name}, or add the alias to "paths" in tsconfig.json` : "mend the import",
      { file, module: name },
      error,
    );
  }
  if (error instanceof SyntaxError) {
    const [place] = String(error.stack).split("\n");
    return usage(
      "syntax-error",
      `${/^\/.*:\d+$/.test(place ?? "") ? place : file} ${message}`,
      "mend the line and run the command again",
      { file },
      error,
    );
  }
  return usage(
    "module-threw",
    `Loading ${file} failed: ${error instanceof Error ? `${error.name}: ${message}` : String(error)}\n    at ${at}`,
    "the file runs when it is loaded: see that it can, here and now (environment variables, files that it reads)",
    { file, at },
    error,
  );
}

/** Node's list of who required it. */
function importer(message: string): string | undefined {
  return /Require stack:\n- (.+)/.exec(message)?.[1] ?? /imported from (\S+)/.exec(message)?.[1];
}

/** The first line of the trace that is the user's own. */
export function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  for (const line of String(error.stack).split("\n")) {
    const place = /(?:\(|at |file:\/\/)(\/[^():]+:\d+:\d+)\)?$/.exec(line.trim())?.[1];
    if (place !== undefined && !isInstalled(place)) return place;
  }
  return undefined;
}
