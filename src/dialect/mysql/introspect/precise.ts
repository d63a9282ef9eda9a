import type { Db, Rows, Server } from "../../../core/db.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import { literal, quoted } from "../scan.ts";
import { baseType } from "../types.ts";
import type { TableRows } from "./rows.ts";
import { parseShown, type Shown } from "./show-create.ts";

/** What the dictionary can't say: it keeps three bytes a character and no parser of a full-text index. */
export interface Precise {
  shown(name: QualifiedName): Shown | undefined;
  view(name: QualifiedName): string | undefined;
  /** a column's default as a literal */
  value(name: QualifiedName, column: string): string | undefined;
}

const perRoundTrip = 200;

/** Asks only about what needs it. */
export async function readPrecisely(db: Db, server: Server, all: readonly TableRows[]): Promise<Precise> {
  const shown = new Map<string, Shown>();
  const views = new Map<string, string>();
  const address = (name: QualifiedName): string => `${quoted(name.schema ?? server.defaultSchema)}.${quoted(name.name)}`;

  const tables = all.filter((rows) => rows.view === null && needsShowing(rows, server));
  const lossy = all.filter((rows) => rows.view?.includes("?"));
  const asked = [...tables, ...lossy];
  const answers = await ask(
    db,
    asked.map(({ name, view }) => `SHOW CREATE ${view === null ? "TABLE" : "VIEW"} ${address(name)}`),
  );
  asked.forEach(({ name, view }, at) => {
    const text = answers[at]?.[0]?.[1];
    if (!text) return;
    if (view === null) shown.set(keyOf(name), parseShown(text));
    else
      views.set(keyOf(name), text.replace(/^[\s\S]*? VIEW (?:`(?:[^`]|``)+`\.)?`(?:[^`]|``)+`(?: \((?:[^()]|`(?:[^`]|``)+`)*\))? AS /, ""));
  });

  const uncertain = all.map((rows) => ({ rows, columns: uncertainDefaults(rows) })).filter(({ columns }) => columns.length > 0);
  const values = await (server.flavor === "mysql" ? shownDefaults(uncertain, shown) : askedDefaults(db, uncertain, address));
  return {
    shown: (name) => shown.get(keyOf(name)),
    view: (name) => views.get(keyOf(name)),
    value: (name, column) => values.get(keyOfColumn(name, column)),
  };
}

const keyOfColumn = (name: QualifiedName, column: string): string => `${keyOf(name)}\u0000${column}`;

/** In hexadecimal where MySQL has no letters for it. */
function shownDefaults(uncertain: readonly Uncertain[], shown: ReadonlyMap<string, Shown>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { rows, columns } of uncertain) {
    for (const { name } of columns) {
      const value = shown.get(keyOf(rows.name))?.columns.get(name)?.default;
      if (value !== undefined) values.set(keyOfColumn(rows.name, name), value);
    }
  }
  return values;
}

/** MariaDB's SHOW CREATE has question marks too: a row that is not there has the default all the same. */
async function askedDefaults(
  db: Db,
  uncertain: readonly Uncertain[],
  address: (name: QualifiedName) => string,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  const defaults = await ask(
    db,
    uncertain.map(({ rows, columns }) => {
      const list = columns.map(({ name, binary }) =>
        binary ? `HEX(DEFAULT(t.${quoted(name)}))` : `HEX(CONVERT(DEFAULT(t.${quoted(name)}) USING utf8mb4))`,
      );
      return `SELECT ${list.join(", ")} FROM (SELECT 1) one LEFT JOIN ${address(rows.name)} t ON TRUE LIMIT 1`;
    }),
  );
  uncertain.forEach(({ rows, columns }, at) => {
    columns.forEach(({ name, binary }, place) => {
      const hex = defaults[at]?.[0]?.[place];
      // a NOT NULL column of an empty table: what is wanted is then compared as the dictionary would show it
      if (hex == null) return;
      values.set(keyOfColumn(rows.name, name), binary ? `x'${hex.toLowerCase()}'` : literal(Buffer.from(hex, "hex").toString("utf8")));
    });
  });
  return values;
}

async function ask(db: Db, statements: readonly string[]): Promise<readonly Rows[]> {
  const answers: Rows[] = [];
  for (let at = 0; at < statements.length; at += perRoundTrip) {
    const part = statements.slice(at, at + perRoundTrip);
    answers.push(...(await db.batch(part).catch(() => askEach(db, part))));
  }
  return answers;
}

/** Without the right to ask more of a table, the dictionary's words must do. */
async function askEach(db: Db, statements: readonly string[]): Promise<readonly Rows[]> {
  const answers: Rows[] = [];
  for (const statement of statements) answers.push((await db.batch([statement]).catch(() => []))[0] ?? []);
  return answers;
}

function needsShowing(rows: TableRows, server: Server): boolean {
  if (rows.indexes.some((row) => row[7] === "FULLTEXT")) return true;
  if (server.flavor === "mysql") return uncertainDefaults(rows).length > 0;
  return rows.checks.some((row) => row[3]?.includes("?")) || rows.columns.some((row) => row[7]?.includes("?"));
}

interface Uncertain {
  readonly rows: TableRows;
  readonly columns: readonly { readonly name: string; readonly binary: boolean }[];
}

function uncertainDefaults(rows: TableRows): Uncertain["columns"] {
  return rows.columns.flatMap(([, , name, type, , value, extra]) => {
    if (!name || value == null || value === "NULL" || /DEFAULT_GENERATED/.test(extra ?? "")) return [];
    const base = baseType(type ?? "");
    const binary = /binary|blob$/.test(base);
    const text = /char|text|enum|set/.test(base) && value.includes("?");
    const plainBytes = /^'[ -~]*'$/.test(value) && !value.includes("?") && !value.includes("\\");
    return text || (binary && !plainBytes) ? [{ name, binary }] : [];
  });
}
