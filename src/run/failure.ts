import { failed, interrupted, type LimbeckError, locked } from "../core/errors.ts";
import { redact } from "../core/redact.ts";
import type { Blocker } from "../dialect/dialect.ts";
import type { Compiled } from "./step.ts";

/** How far a run had come when it stopped. */
export interface Standing {
  readonly step: Compiled;
  /** place of the statement */
  readonly index: number;
  /** revisions of this run that were taken back with the transaction, this one among them if it was */
  readonly undone: readonly string[];
  /** statements of this revision that stand and are recorded; null: the revision was rolled back as a whole */
  readonly kept: number | null;
  /** it was the COMMIT that failed */
  readonly committing: boolean;
  /** the statement ended its transaction itself: on MySQL DDL commits */
  readonly ended?: boolean;
  /** it is code that ran in no transaction */
  readonly half?: boolean;
}

const already = new Set(["42P07", "42701", "42710", "1050", "1060", "1061"]);
const lost = /^(?:57P0[1-3]|08...|ECONNRESET|EPIPE|ETIMEDOUT|PROTOCOL_CONNECTION_LOST|1053|1927|2006|2013)$/;

/** The server's own code: SQLSTATE on PostgreSQL, the number on MySQL. */
export function serverCode(error: unknown): string {
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  return typeof errno === "number" && errno > 0 ? String(errno) : typeof code === "string" ? code : "";
}

export function isLost(error: unknown): boolean {
  return lost.test(serverCode(error)) || /connection (?:terminated|is closed|lost)|not queryable|closed state/i.test(messageOf(error));
}

/** lock_timeout, a deadlock, a conflict of two transactions: later it may go */
const busy = new Set(["55P03", "40P01", "40001", "1205", "1213"]);
const timeouts = new Set(["57014", "1969", "3024"]);

export function isBusy(error: unknown): boolean {
  return busy.has(serverCode(error));
}

/** It names what is not there or may not be seen, or cannot be reckoned: SQLSTATE classes 42 and 22. */
export function cannotBeAsked(error: unknown): boolean {
  const { code, sqlState } = error as { code?: unknown; sqlState?: unknown };
  return /^(?:42|22|3F)/.test(String(sqlState ?? code ?? ""));
}

export function messageOf(error: unknown): string {
  const { message, detail } = error as { message?: unknown; detail?: unknown };
  const text = typeof message === "string" ? message : String(error);
  return redact(typeof detail === "string" && detail !== "" ? `${text} (${detail})` : text);
}

export function statementFailed(error: unknown, standing: Standing): LimbeckError {
  const { step, index, undone } = standing;
  const sql = standing.committing ? "COMMIT" : (step.statements[index]?.sql ?? "COMMIT");
  const gone = isLost(error);
  const what = gone ? "lost its connection" : "failed";
  const unsure = standing.committing ? "was at the COMMIT" : step.statements[index]?.mayCommit ? "may have committed by itself" : null;
  return failed(
    gone ? "connection-lost" : "statement-failed",
    `Statement ${index + 1} of ${step.statements.length} of revision ${step.id} ${what}: ${messageOf(error)}\n  ${sql.replaceAll("\n", "\n  ")}\n${gone && unsure !== null ? `It ${unsure}: the journal will tell the next run how far it went.` : left(standing, gone)}`,
    hintFor(error, step, gone),
    {
      revision: step.id,
      direction: step.direction,
      statement: index + 1,
      total: step.statements.length,
      sql,
      server: { code: serverCode(error), message: messageOf(error) },
      undone,
      stands: standing.kept ?? 0,
    },
    error,
  );
}

/** What holds the lock is named, with what it does: that is whom to ask, or to end. */
export function tableLocked(
  error: { readonly message: string; readonly cause?: unknown; readonly attempts: number; readonly blockers: readonly Blocker[] },
  standing: Standing,
): LimbeckError {
  const { step, index, undone } = standing;
  const sql = step.statements[index]?.sql ?? "";
  const { attempts, blockers } = error;
  const [first] = blockers;
  const held =
    blockers.length === 0 ? "Who holds it could not be seen." : `In its way:\n${blockers.map((one) => `  ${blockerText(one)}`).join("\n")}`;
  return locked(
    "table-locked",
    `Statement ${index + 1} of ${step.statements.length} of revision ${step.id} did not get its lock in ${attempts} attempts: ${error.message}\n  ${sql.replaceAll("\n", "\n  ")}\n${held}\n${left(standing)}`,
    `when ${first === undefined || first.pid === "0" ? "the other" : `session ${first.pid}`} has ended, run it again: ${againCommand(step)}; or wait longer for each attempt: --lock-timeout SECONDS`,
    {
      revision: step.id,
      direction: step.direction,
      statement: index + 1,
      total: step.statements.length,
      sql,
      attempts,
      blockers,
      undone,
      stands: standing.kept ?? 0,
    },
    error.cause,
  );
}

export function blockerText({ pid, user, state, seconds, query, likely }: Blocker): string {
  const parts = [
    likely ? `perhaps session ${pid}` : `session ${pid}`,
    user && `user ${user}`,
    state,
    seconds !== null && `for ${seconds} s`,
  ];
  const said = query.replace(/\s+/g, " ").trim().slice(0, 200);
  return [...parts, said && `${/idle|sleep/i.test(state) ? "last" : "running"}: ${said}`].filter(Boolean).join(", ");
}

export function stopped(last: string | null, standing: Standing): LimbeckError {
  const { step, index, kept, undone } = standing;
  const ran = last === null ? "No statement ran." : `The last statement that ran was ${last}.`;
  const state = kept === null && index === 0 && undone.length <= 1 ? `Revision ${step.id} was not begun.` : left(standing);
  return interrupted("interrupted", `Stopped as asked. ${ran} ${state}`, `run the same command again: it goes on with ${step.id}`, {
    revision: step.id,
    direction: step.direction,
    last,
    undone,
    stands: kept ?? 0,
  });
}

function left({ step, index, undone, kept, ended, half }: Standing, gone = false): string {
  const others = undone.filter((id) => id !== step.id);
  const more = others.length === 0 ? "" : ` So were ${others.join(", ")}, in the same transaction.`;
  // a statement that is at work is not stopped by that its client is gone
  if (kept === null && gone)
    return `Nothing of ${[...others, step.id].map((id) => `revision ${id}`).join(" and ")} is committed: the server takes it back as soon as it notices.`;
  if (kept === null) return `All of revision ${step.id} was rolled back.${more}`;
  const stand = `${kept} of ${step.statements.length} statements of revision ${step.id} stand and are recorded.`;
  if (half && !ended)
    return `${stand} Statement ${index + 1} is code that ran in no transaction: what it did until then stands, too, and the next run begins it anew.`;
  if (!ended) return stand;
  return `${stand} Statement ${index + 1} made the server commit, as DDL does here: what it did until then stands, too, and the next run begins it anew.`;
}

function againCommand(step: Compiled): string {
  return `limbeck ${step.direction} ${step.id}${step.direction === "upgrade" ? "" : "@-1"}`;
}

export function journalFailed(table: string, what: "made" | "written", error: unknown): LimbeckError {
  const hint = takesNoWrites(error) ? "this server takes no writes any more; go on with the primary: --url URL" : "limbeck doctor";
  return failed("journal-failed", `The journal ${table} could not be ${what}: ${messageOf(error)}`, hint, { table }, error);
}

/** MySQL: not without a lock that keeps writers out, whatever the reason. */
const waits = new Set(["1845", "1846", "1847"]);

/** A primary that has become a replica in the middle of the run; 1290 has other meanings, too. */
const takesNoWrites = (error: unknown): boolean =>
  ["25006", "1290", "1792", "1836"].includes(serverCode(error)) && /read.only/i.test(messageOf(error));

/** What servers say when they have no room; MariaDB calls an index corrupt that it could not write. */
const noRoom = (error: unknown): boolean =>
  ["53100", "1021", "1026", "1034", "1114", "1878"].includes(serverCode(error)) || /no space left|temp file write/i.test(messageOf(error));

function hintFor(error: unknown, step: Compiled, gone: boolean): string {
  const again = againCommand(step);
  if (gone) return `run it again, it goes on where it stopped: ${again}`;
  if (takesNoWrites(error)) return `this server takes no writes any more; go on with the primary: ${again} --url URL`;
  if (noRoom(error)) return `is the server's disk full (data, logs, temporary files)? make room, then go on: ${again}`;
  if (serverCode(error) === "3F000") {
    return `a schema that stood where ${step.id} was written is not here: CREATE SCHEMA, or op.createSchema at the beginning of ${step.id}; then ${again}`;
  }
  if (timeouts.has(serverCode(error))) return `give it more time, 0 is without end: ${again} --statement-timeout SECONDS`;
  if (waits.has(serverCode(error))) {
    return `writes would have to wait, and the server was told to refuse that; for an hour in which they may: { online: false } at its operation in ${step.id}, then ${againCommand(step)}`;
  }
  if (step.direction === "upgrade" && already.has(serverCode(error))) {
    return `if the database has all of this already, record it without running it: limbeck stamp ${step.id}; to take over a whole database: limbeck adopt`;
  }
  return `mend the cause, then go on: ${again}`;
}
