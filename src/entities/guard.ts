import { usage } from "../core/errors.ts";
import { packageOf } from "./load/index.ts";

const patienceMs = 30_000;

/**
 * Runs the user's configuration so that it only tells: it cannot end this process, write between our own output, open a connection, or
 * keep us waiting for ever.
 */
export async function guarded<T>(file: string, load: () => Promise<T>): Promise<T> {
  let exited: Error | null = null;
  const undo = [
    replace(process, "exit", (code?: unknown) => {
      exited = usage(
        "config-exits",
        `${file} calls process.exit(${code === undefined ? "" : String(code)}) while it is loaded.`,
        "see why it gives up: most often a missing environment variable; a configuration should throw an error that says so",
        { file },
      );
      throw exited;
    }),
    // what a configuration prints is no part of the answer
    replace(process.stdout, "write", process.stderr.write.bind(process.stderr)),
  ];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(waitedTooLong(file)), patienceMs);
  });
  try {
    const loaded = await Promise.race([load(), late]);
    if (exited !== null) throw exited;
    return loaded;
  } catch (error) {
    throw exited ?? error;
  } finally {
    clearTimeout(timer);
    for (const restore of undo) restore();
  }
}

function waitedTooLong(file: string): Error {
  return usage(
    "config-hangs",
    `${file} was not done loading after ${patienceMs / 1000} seconds.`,
    "a configuration says where the database is; it should not wait for anything else",
    { file },
  );
}

const acting = ["initialize", "connect", "synchronize", "dropDatabase", "runMigrations", "undoLastMigration"] as const;

/** Many a configuration ends in `AppDataSource.initialize()`, with `synchronize: true`: while it is loaded, that does nothing. */
export async function withoutActing<T>(file: string, load: () => Promise<T>): Promise<T> {
  const prototype = dataSourcePrototype(file);
  const undo =
    prototype === null
      ? []
      : acting.map((name) =>
          replace(prototype, name, function (this: unknown) {
            return Promise.resolve(this);
          }),
        );
  try {
    return await load();
  } finally {
    for (const restore of undo) restore();
  }
}

function dataSourcePrototype(file: string): Record<string, unknown> | null {
  try {
    return (packageOf(file, "typeorm") as { DataSource: { prototype: Record<string, unknown> } }).DataSource.prototype;
  } catch {
    // no TypeORM, which is said where it is needed
    return null;
  }
}

function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}
