import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { locked } from "../core/errors.ts";

export const lockName = "limbeck.lock";

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** when the process began, as the system counts it: process ids come again, in containers soon */
  readonly born: string;
}

const open = new Set<string>();

/** Takes the folder for this process, also from a process that has died; gives the function that lets it go. */
export function lockFolder(dir: string): () => void {
  const file = join(dir, lockName);
  const own: Holder = { pid: process.pid, host: hostname(), born: born(process.pid) };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (create(file, own)) {
      open.add(file);
      return () => {
        open.delete(file);
        rmSync(file, { force: true });
      };
    }
    const text = read(file);
    if (text === null) continue;
    const holder = parse(text);
    if (holder !== null && isAlive(holder, file)) throw busy(dir, holder);
    takeAway(file, text);
  }
  throw busy(dir, parse(read(file) ?? ""));
}

function create(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

/** Two may find the same dead lock: what was moved away must be that one, not the other's new one. */
function takeAway(file: string, text: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (read(aside) === text) rmSync(aside, { force: true });
    else renameSync(aside, file);
  } catch {
    // somebody else was quicker
  }
}

function isAlive({ pid, host, born: then }: Holder, file: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return open.has(file);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return born(pid) === then;
}

function born(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return (
    stat
      ?.slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .at(19) ?? ""
  );
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function parse(text: string): Holder | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function busy(dir: string, holder: Holder | null): Error {
  return locked(
    "embedded-busy",
    `The embedded database in ${dir} is open in another process${holder === null ? "" : ` (pid ${holder.pid} on ${holder.host})`}.`,
    `wait until it is done; if there is no such process, remove ${join(dir, lockName)}`,
    { folder: dir, ...(holder === null ? {} : { pid: holder.pid, host: holder.host }) },
  );
}
