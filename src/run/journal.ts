import type { Db, Row } from "../core/db.ts";
import { failed } from "../core/errors.ts";
import type { JournalEntry, JournalSql } from "../dialect/dialect.ts";
import { headsOf } from "../graph/walk.ts";
import { cannotBeAsked, messageOf } from "./failure.ts";
import type { Direction } from "./step.ts";

export interface Journal {
  /** whether the table is there */
  readonly exists: boolean;
  readonly rows: readonly JournalEntry[];
  /** with the one that is being taken back, as long as it is not gone; without the one that is being applied */
  readonly applied: ReadonlySet<string>;
  /** a revision that a run left half way */
  readonly interrupted: Interrupted | null;
  /** what it keeps of the revisions' files, by id; empty where that was not asked for */
  readonly recorded: ReadonlyMap<string, Recorded>;
}

/** What the journal keeps of a revision's file. */
export interface Recorded {
  readonly sourceHash: string;
  /** as JSON */
  readonly operations: string;
}

export interface Interrupted {
  readonly id: string;
  readonly direction: Direction;
  readonly done: number;
  readonly total: number;
  readonly error: string | null;
}

export const noJournal: Journal = { exists: false, rows: [], applied: new Set(), interrupted: null, recorded: new Map() };

/** Makes no table: where there is none, nothing is applied. What the revisions did is only for those who replay the history: it may be long. */
export async function readJournal(db: Db, sql: JournalSql, asked: { readonly recorded?: boolean } = {}): Promise<Journal> {
  const [found] = await db.query(sql.exists);
  if (found === undefined || Object.values(found)[0] !== "1") return noJournal;
  const rows = await readable(() => db.query(asked.recorded ? sql.whole : sql.brief));
  return { ...journalOf(rows.map(rowOf)), recorded: asked.recorded ? new Map(rows.map(recordedOf)) : noJournal.recorded };
}

const recordedOf = ({ id, source_hash, operations }: Row): readonly [string, Recorded] => [
  id ?? "",
  { sourceHash: source_hash ?? "", operations: operations ?? "[]" },
];

export async function readRecorded(db: Db, sql: JournalSql): Promise<Journal["recorded"]> {
  return (await readJournal(db, sql, { recorded: true })).recorded;
}

/** What has its name may be another tool's, or not for this role to see. */
async function readable(ask: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
  try {
    return await ask();
  } catch (error) {
    if (!cannotBeAsked(error)) throw error;
    throw failed(
      "journal-unreadable",
      `The journal cannot be read: ${messageOf(error)}`,
      'grant this role SELECT, INSERT, UPDATE and DELETE on it; if the table is another tool\'s: defineConfig({ journal: { table: "…" } }); if it is damaged, take it away and say where the database is: limbeck stamp REV',
      {},
      error,
    );
  }
}

function journalOf(rows: readonly JournalEntry[]): Omit<Journal, "recorded"> {
  const half = rows.find(({ status }) => status !== "applied");
  return {
    exists: true,
    rows,
    applied: new Set(rows.filter(({ status }) => status !== "applying").map(({ id }) => id)),
    interrupted: half === undefined ? null : interruptedOf(half),
  };
}

function interruptedOf({ id, status, done, total, error }: JournalEntry): Interrupted {
  return { id, direction: status === "applying" ? "upgrade" : "downgrade", done, total, error };
}

/** The heads that the journal itself tells, without any file. */
export function journalHeads(rows: readonly Pick<JournalEntry, "id" | "parents" | "depends_on" | "status">[]): readonly string[] {
  const applied = rows.filter(({ status }) => status !== "applying");
  return headsOf(applied.map(({ id, parents, depends_on }) => ({ id, parents, dependsOn: depends_on })));
}

function rowOf(row: Row): JournalEntry {
  const text = (key: keyof JournalEntry): string => row[key] ?? "";
  const list = (key: keyof JournalEntry): readonly string[] => listIn(text("id"), key, text(key));
  const status = text("status");
  return {
    id: text("id"),
    parents: list("parents"),
    depends_on: list("depends_on"),
    checksum: text("checksum"),
    source_hash: text("source_hash"),
    status: status === "applying" || status === "reverting" ? status : "applied",
    done: Number(text("done")),
    total: Number(text("total")),
    session: row.session ?? null,
    error: row.error ?? null,
  };
}

const none: readonly string[] = [];

function listIn(id: string, key: string, text: string): readonly string[] {
  // what nearly all rows have; there may be thousands
  if (text === "[]" || text === "") return none;
  try {
    return JSON.parse(text) as readonly string[];
  } catch {
    throw failed(
      "journal-unreadable",
      `The journal cannot be read: ${key} of revision ${id} is no list, but ${text.slice(0, 100)}`,
      `it was changed by hand: write it as JSON, as ["a1b2c3"]; or delete the row, and: limbeck stamp ${id}`,
      { revision: id },
    );
  }
}
