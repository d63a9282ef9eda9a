import { integrity, type LimbeckError } from "../core/errors.ts";
import type { Header, Point } from "../core/revision.ts";
import { apart, type Cursor, type Literal, NotLiteral, next, readKey, readLiteral, skipBlank } from "./literal.ts";

/**
 * Where a revision is declared: as people write it (`export default revision({`) and as tsc, swc and esbuild leave it
 * (`exports.default = (0, limbeck_1.revision)({`, `var x_default = revision({`). Only at the beginning of a line, so that prose and strings are not met.
 */
const declaration =
  /^[ \t]*(?:export\s+default|export\s*=|(?:module\.)?exports(?:\.default)?\s*=|(?:export\s+)?(?:const|let|var)\s+[\w$]+(?:\s*:[^=\n]+)?\s*=)\s*(?:\/\*[^*]*\*\/\s*)?(?:\(0,\s*[\w$.]+\.revision\)|(?:[\w$]+\.)?revision)(?:<[^>(]*>)?\s*\(\s*\{/gm;
const usesLimbeck = /(?:from|import|require\s*\()\s*["'`]limbeck["'`]/;
const callsRevision = /\brevision\)?\s*(?:<[^>(]*>)?\(/;

/**
 * The head of a revision file, read without running it: the fields before `upgrade`, which must be plain data. Null for a file that declares
 * no revision and does not try to: helpers, index files and other people's migrations.
 */
export function readHeader(source: string, file: string): Header | null {
  // nearly all other files are told by this cheap question
  if (!source.includes("revision")) return null;
  const usual = asWritten(source);
  if (usual !== null) return usual;
  const start = declarationEnd(source);
  if (start !== null) return headerAt(source, start, file);
  const attempt = usesLimbeck.test(source) ? callsRevision.exec(source) : null;
  if (attempt === null) return null;
  throw unreadable(source, attempt.index, file, "`export default revision({` with its fields written out");
}

function headerAt(source: string, start: number, file: string): Header {
  const cursor: Cursor = { text: source, at: start };
  try {
    return headerOf(readFields(cursor), file, source, start);
  } catch (error) {
    if (error instanceof NotLiteral) throw unreadable(source, error.at, file, error.expected);
    throw error;
  }
}

/**
 * A file as it is written by us, or as a compiler leaves that, without anything unusual: thousands are read at a time, and the general way
 * takes five times as long.
 */
const written =
  /\n(?:export default |(?:module\.)?exports(?:\.default)? = )(?:revision|\(0, [\w$]+\.revision\))\(\{\r?\n +id: "([^"\\\n]{1,255})",\r?\n +parents: \[(|"[^"\\\n]*"(?:, ?"[^"\\\n]*")*)\],\r?\n +message: "([^"\\\n]*)",\r?\n +createdAt: "([^"\\\n]*)",\r?\n(?:\r?\n)? +upgrade\(/;

function asWritten(source: string): Header | null {
  const found = written.exec(source);
  if (found === null || commented(source, found.index)) return null;
  const [, id = "", parents = "", message = "", createdAt = ""] = found;
  return {
    id: apart(id),
    parents: parents === "" ? none : parents.slice(1, -1).split(/", ?"/).map(apart),
    dependsOn: none,
    labels: none,
    message: apart(message),
    createdAt: apart(createdAt),
    review: none,
    replaces: none,
  };
}

const none: readonly never[] = [];

function declarationEnd(source: string): number | null {
  // matchAll would copy the expression for every file
  declaration.lastIndex = 0;
  for (let found = declaration.exec(source); found !== null; found = declaration.exec(source)) {
    if (!commented(source, found.index)) return found.index + found[0].length;
  }
  return null;
}

const commented = (source: string, at: number): boolean => source.lastIndexOf("/*", at) > source.lastIndexOf("*/", at);

function readFields(cursor: Cursor): ReadonlyMap<string, Literal> {
  const fields = new Map<string, Literal>();
  while (!next(cursor, "}")) {
    const key = readKey(cursor);
    if (key === "upgrade" || key === "downgrade" || key === "async") return fields;
    if (!next(cursor, ":")) throw new NotLiteral(cursor.at, `a colon after ${key}`);
    fields.set(key, readLiteral(cursor));
    skipBlank(cursor);
    if (cursor.text[cursor.at] === ",") cursor.at++;
    else if (cursor.text[cursor.at] !== "}") throw new NotLiteral(cursor.at, `a comma after ${key}`);
  }
  return fields;
}

function headerOf(fields: ReadonlyMap<string, Literal>, file: string, source: string, start: number): Header {
  const wrong = (expected: string) => unreadable(source, start, file, expected);
  const text = (key: string): string => {
    const value = fields.get(key);
    if (typeof value === "string") return value;
    throw wrong(`\`${key}\` as a string, before \`upgrade\``);
  };
  const texts = (key: string): readonly string[] => {
    const value = fields.get(key) ?? [];
    const list = Array.isArray(value) ? (value as readonly Literal[]) : [value];
    if (list.every((item) => typeof item === "string")) return list;
    throw wrong(`\`${key}\` as an array of strings`);
  };
  const id = text("id");
  if (id === "" || id.length > 255) throw wrong("an `id` of 1 to 255 characters");
  return {
    id,
    parents: texts("parents"),
    dependsOn: texts("dependsOn"),
    labels: texts("labels"),
    message: fields.has("message") ? text("message") : "",
    createdAt: fields.has("createdAt") ? text("createdAt") : "",
    review: points(fields.get("review") ?? [], wrong),
    replaces: texts("replaces"),
    ...(fields.has("typeorm") ? { typeorm: text("typeorm") } : {}),
    ...(fields.get("adopted") === true ? { adopted: true as const } : {}),
  };
}

function points(value: Literal, wrong: (expected: string) => LimbeckError): readonly Point[] {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : null;
  if (list?.every(isPoint)) return list.map((point) => ({ ...point, evidence: point.evidence ?? [] }));
  throw wrong("`review` as an array of points, each with `id`, `kind` and `table`");
}

function isPoint(value: unknown): value is Omit<Point, "evidence"> & Partial<Pick<Point, "evidence">> {
  if (typeof value !== "object" || value === null) return false;
  const { id, kind, table } = value as Partial<Point>;
  return typeof id === "string" && typeof kind === "string" && typeof table === "string";
}

function unreadable(source: string, at: number, file: string, expected: string): LimbeckError {
  const line = source.slice(0, at).split("\n").length;
  return integrity(
    "unreadable-header",
    `${file}:${line}: the head of the revision cannot be read: expected ${expected}.`,
    "id, parents, labels and the other fields before `upgrade` are read without running the file: write them as plain values (a helper that calls revision() belongs in another folder)",
    { file, line, expected },
  );
}
