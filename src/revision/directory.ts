import { hash } from "node:crypto";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { extname, resolve, sep } from "node:path";
import type { Header } from "../core/revision.ts";
import { bytesOf } from "./bytes.ts";
import { readHeader } from "./header.ts";

export interface RevisionFile {
  readonly header: Header;
  /** absolute */
  readonly file: string;
  /** of the text, line ends aside */
  readonly sourceHash: string;
}

/** When a file stands beside what it was compiled to, the first of these is taken. */
const extensions = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];
const passedOver = new Set(["replaced", "node_modules"]);
const noSource = /\.d\.[cm]?ts$|\.(?:test|spec)\.[cm]?[jt]s$/;

/**
 * The revision files in the folders and their sub-folders, by name; a folder that is not there has none. Files without a revision (helpers,
 * index files, tests, declarations, TypeORM's own migrations) are passed over, and so are `replaced/` and `node_modules/`.
 */
export function readDirectory(dirs: readonly string[]): readonly RevisionFile[] {
  const files = new Set(dirs.flatMap((dir) => sources(resolve(dir))));
  return [...files].flatMap((file) => readRevision(file) ?? []);
}

function readRevision(file: string): RevisionFile | null {
  const bytes = bytesOf(file);
  const header = readHeader(bytes.toString("utf8"), file);
  return header === null ? null : new Scanned(header, file, bytes);
}

/** A class, because thousands are made at a time: a getter of its own for each would be the dearest part. */
class Scanned implements RevisionFile {
  readonly header: Header;
  readonly file: string;
  #bytes: Buffer | null;
  #hash = "";

  constructor(header: Header, file: string, bytes: Buffer) {
    this.header = header;
    this.file = file;
    this.#bytes = bytes;
  }

  /** only those who compare with the journal ask for it */
  get sourceHash(): string {
    if (this.#bytes !== null) this.#hash = hashOf(this.#bytes);
    this.#bytes = null;
    return this.#hash;
  }
}

/** The same for the same text, however its lines end. */
function hashOf(bytes: Buffer): string {
  return hash("sha256", bytes.includes("\r") ? bytes.toString("utf8").replaceAll("\r\n", "\n") : bytes);
}

function sources(dir: string): readonly string[] {
  const chosen = new Map<string, string>();
  const below: string[] = [];
  for (const entry of entriesOf(dir)) {
    const path = dir + sep + entry.name;
    if (isKind(entry, path, "directory")) {
      if (!passedOver.has(entry.name) && !entry.name.startsWith(".")) below.push(...sources(path));
    } else if (isSource(entry.name) && isKind(entry, path, "file")) {
      const stem = entry.name.slice(0, entry.name.lastIndexOf("."));
      const other = chosen.get(stem);
      if (other === undefined || rank(path) < rank(other)) chosen.set(stem, path);
    }
  }
  return [...chosen.values(), ...below];
}

function entriesOf(dir: string): readonly Dirent[] {
  try {
    // by code unit, the same on every machine
    return readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isKind(entry: Dirent, path: string, kind: "file" | "directory"): boolean {
  const found = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
  return found !== undefined && (kind === "file" ? found.isFile() : found.isDirectory());
}

function isSource(name: string): boolean {
  return extensions.includes(extname(name)) && !noSource.test(name);
}

function rank(path: string): number {
  return extensions.indexOf(extname(path));
}
