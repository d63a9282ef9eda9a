import type { JournalEntry } from "../../dialect/dialect.ts";
import { checksum } from "../../revision/checksum.ts";
import { notHappened, sent } from "../../run/row.ts";
import { type Compiled, compiled, type Direction, stepOf } from "../../run/step.ts";
import { withBefore } from "../compare/before.ts";
import { differsFrom } from "../compare/compare.ts";
import { loadRevision } from "../project/load.ts";
import { fileOf, type Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import type { Diagnosed } from "./ailment.ts";

/** Is the database as exactly these revisions leave it? */
export type Agreement = (ids: ReadonlySet<string>) => Promise<boolean>;

/** Each set is asked about once. */
export function agreement(project: Project, session: Session): Agreement {
  const known = new Map<string, Promise<boolean>>();
  return (ids) => {
    const key = JSON.stringify([...ids].sort());
    const answer = known.get(key) ?? differsFrom(project, session, ids).then(({ operations }) => operations.length === 0);
    known.set(key, answer);
    return answer;
  };
}

/**
 * A revision that a run left half way. Where the next run can go on, that is what to do. Where it cannot, because the file was edited or
 * nothing tells whether a statement has happened, the whole schema may tell: it is as it was before, or as it is to be afterwards.
 */
export async function interruptedAilment(
  project: Project,
  session: Session,
  row: JournalEntry,
  standing: ReadonlySet<string>,
  agrees: Agreement,
): Promise<Diagnosed> {
  const { id, done, total, error } = row;
  const direction: Direction = row.status === "applying" ? "upgrade" : "downgrade";
  const step = await stepFor(project, session, id, direction, standing);
  const says = `the ${direction} of ${id} stopped after ${done} of ${total} statements${error === null || error === sent ? "" : `: ${error}`}`;
  const base = { kind: "interrupted", revision: id, says } as const;
  const again = `limbeck ${direction} ${direction === "upgrade" ? id : `${id}@-1`}`;
  const why = whyNotOn(row, step);
  if (why === null) {
    const statement = step.statements[done];
    const details = statement === undefined ? [] : [`next: ${statement.sql} (${await stateOf(session, step, row)})`];
    return { ...base, details, mend: null, instead: `${again} goes on where it stopped`, sql: [] };
  }
  const without = new Set([...standing].filter((one) => one !== id));
  const [whole, gone] = [await agrees(new Set([...standing, id])), await agrees(without)];
  if (whole === gone) {
    const looked = whole
      ? "the schema is the same before and after it, so that it cannot tell"
      : "the schema is neither as before it nor as after it";
    const instead = `bring the file back as it was, then: ${again}; or finish by hand, then: limbeck repair, or limbeck stamp ${id}`;
    return { ...base, details: [why, looked], mend: null, instead, sql: [] };
  }
  return {
    ...base,
    details: [why, whole ? "the schema is as it is after it" : "the schema is as it was before it"],
    mend: whole ? `record ${id} as applied` : `forget that ${id} was begun: it counts as not applied`,
    instead: again,
    sql: [whole ? recordApplied(project, step) : project.dialect.journal(project.journal).remove(id)],
  };
}

/** Why no run can go on with it; null where one can. */
function whyNotOn({ checksum, done, total, error }: JournalEntry, { record, statements }: Compiled): string | null {
  if (checksum !== record.checksum) return "its file was edited since, so that no run can go on with it";
  if (total !== statements.length) return `it is now ${statements.length} statements and was ${total}, so that no run can go on with it`;
  const next = statements[done];
  const untold = error === sent && next !== undefined && next.probe === undefined && next.batches === undefined;
  return untold ? `nothing tells whether this has happened: ${next.sql}` : null;
}

function recordApplied({ dialect, journal }: Project, { record, statements }: Compiled): string {
  const { id, checksum, source_hash, operations } = record;
  const count = statements.length;
  const row = { status: "applied", done: count, total: count, session: null, error: null, checksum, source_hash, operations } as const;
  return dialect.journal(journal).update(id, row);
}

async function stepFor(project: Project, { context }: Session, id: string, direction: Direction, standing: ReadonlySet<string>) {
  const file = fileOf(project, id);
  const revision = await loadRevision(file);
  const step = stepOf(revision, direction, checksum(revision), file.sourceHash);
  const applied = new Set([...standing].filter((one) => direction === "downgrade" || one !== id));
  const [ready] = compiled(await withBefore(project, context.server, applied, [step]), { dialect: project.dialect, context });
  return ready as Compiled;
}

async function stateOf({ db }: Session, { statements }: Compiled, { done, error }: JournalEntry): Promise<string> {
  const probe = statements[done]?.probe;
  if (probe === undefined || error?.startsWith(notHappened)) return "not begun";
  const [found] = await db.query(probe.sql);
  const state = found === undefined ? "none" : Object.values(found)[0];
  return state === "done" ? "has happened" : state === "half" ? "half done" : "not begun";
}
