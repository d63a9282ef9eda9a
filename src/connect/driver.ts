import { createRequire } from "node:module";
import { join } from "node:path";
import { usage } from "../core/errors.ts";

/** Drivers are the user's own: they are looked up from their project, never bundled. */
export function driver<T>(name: string, projectDir: string): T {
  try {
    return createRequire(join(projectDir, "package.json"))(name) as T;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw cause;
    throw usage(
      "driver-missing",
      `The package "${packageOf(name)}", which talks to this kind of database, is not installed in ${projectDir}.`,
      `npm install ${packageOf(name)}`,
      { package: packageOf(name) },
      cause,
    );
  }
}

/** `mysql2/promise` is part of `mysql2`, `@scope/name/part` of `@scope/name`. */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}
