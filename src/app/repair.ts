import { refused } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import { describe } from "../core/operations/index.ts";
import { labelOf } from "../core/schema.ts";
import { ancestors } from "../graph/walk.ts";
import { checksum } from "../revision/checksum.ts";
import { type Journal, journalHeads, readJournal, readRecorded } from "../run/journal.ts";
import { withLock } from "../run/lock.ts";
import { appliedRow, recordOf } from "../run/step.ts";
import type { Ailment, Diagnosed } from "./journal/ailment.ts";
import { editLines, followed, misfitsOf } from "./journal/integrity.ts";
import { type Agreement, agreement, interruptedAilment } from "./journal/interrupted.ts";
import { placed } from "./journal/placed.ts";
import { readSeen } from "./move/seen.ts";
import { loadRevision } from "./project/load.ts";
import { fileOf, type Location, type Project } from "./project/project.ts";
import { openWithDatabase, type Session } from "./project/session.ts";

export interface RepairResult {
  readonly ailments: readonly (Ailment & { readonly mended: boolean })[];
  /** a run that is at work just now: what it leaves half way is no ailment */
  readonly atWork: string | null;
  readonly heads: readonly string[];
}

/** Says what is wrong with the journal, and mends what `consent` agrees to. */
export async function repair(location: Location, consent: (ailments: readonly Ailment[]) => Promise<boolean>): Promise<RepairResult> {
  return openWithDatabase(location, {}, async (opened, session) => {
    const { db } = session;
    const { lock, journal: journalSql } = opened.dialect;
    const [holder] = await db.query(lock.holder(labelOf(opened.journal)));
    const atWork = holder === undefined ? null : `session ${holder.pid}${holder.user ? `, user ${holder.user}` : ""}`;
    const found = (await diagnose(opened, session)).filter(({ kind }) => atWork === null || kind !== "interrupted");
    const mendable = found.filter(({ mend }) => mend !== null);
    const agreed = mendable.length > 0 && (await consent(found.map(told)));
    if (agreed) {
      await withLock(db, opened.dialect, opened.journal, { wait: 60 }, async () => {
        if (JSON.stringify(await diagnose(opened, session)) !== JSON.stringify(found)) throw changedMeanwhile();
        await write(session, mendable);
      });
    }
    const { rows } = await readJournal(db, journalSql(opened.journal));
    return {
      ailments: found.map((one) => ({ ...told(one), mended: agreed && one.mend !== null })),
      atWork,
      heads: journalHeads(rows),
    };
  });
}

const told = ({ sql: _, ...ailment }: Diagnosed): Ailment => ailment;

function changedMeanwhile() {
  return refused("journal-changed", "The journal is another than when it was looked at. Nothing was mended.", "limbeck repair");
}

async function write({ db }: Session, mendable: readonly Diagnosed[]): Promise<void> {
  await db.query("START TRANSACTION");
  try {
    for (const { sql } of mendable) for (const statement of sql) await db.query(statement);
    await db.query("COMMIT");
  } catch (error) {
    await db.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function diagnose(opened: Project, session: Session): Promise<readonly Diagnosed[]> {
  const { project, journal } = await readSeen(opened, session.db);
  const missing = missingBelow(project, journal);
  const agrees = agreement(project, session);
  const standing = new Set([...[...journal.applied].filter((id) => project.fileById.has(id)), ...missing]);
  const found: Diagnosed[] = [];
  for (const row of journal.rows) {
    if (row.status !== "applied" && project.fileById.has(row.id))
      found.push(await interruptedAilment(project, session, row, standing, agrees));
  }
  const half = new Set(found.map(({ revision }) => revision));
  const misfits = (await misfitsOf(project, session.db, journal)).filter(({ row }) => !half.has(row.id));
  const sql = project.dialect.journal(project.journal);
  for (const misfit of misfits) {
    const { id } = misfit.row;
    if (misfit.kind === "unknown") found.push(await unknownAilment(project, session, id));
    else if (misfit.kind === "reparented") {
      const { parents, dependsOn } = project.graph.nodes.get(id) ?? misfit.is;
      found.push({
        kind: "reparented",
        revision: id,
        says: `${id} (${misfit.file}) was applied as following ${followed({ parents: misfit.row.parents, dependsOn: misfit.row.depends_on })}, and its file now says ${followed(misfit.is)}`,
        details: [],
        mend: `record that ${id} follows ${followed({ parents, dependsOn })}`,
        instead: "put parents and dependsOn back",
        sql: [sql.update(id, { parents, depends_on: dependsOn })],
      });
    } else {
      const fits = await agrees(standing);
      const {
        checksum: sum,
        source_hash,
        operations,
      } = recordOf(misfit.revision, checksum(misfit.revision), fileOf(project, id).sourceHash);
      found.push({
        kind: "edited",
        revision: id,
        says: `${id} (${misfit.file}) was edited after it was applied; the database ${fits ? "is as the files say now" : "is not as the files say now"}`,
        details: [...editLines(misfit.edits), ...unseen(misfit.edits.flatMap((one) => ("now" in one ? [one.now] : [one.was])))],
        mend: fits ? `record ${id} as its file is now` : null,
        instead: "take the edit back, and write a new revision for it: limbeck revision --autogenerate",
        sql: fits ? [sql.update(id, { checksum: sum, source_hash, operations })] : [],
      });
    }
  }
  for (const id of missing) found.push(await missingAilment(project, id, await agrees(standing)));
  return found;
}

/** Nobody can look up what these did. */
function unseen(operations: readonly Operation[]): readonly string[] {
  const some = operations.some(({ kind }) => kind === "execute" || kind === "run" || kind === "backfill");
  return some ? ["what raw SQL, code and backfills did to the rows cannot be looked up"] : [];
}

async function unknownAilment(project: Project, { db }: Session, id: string): Promise<Diagnosed> {
  const sql = project.dialect.journal(project.journal);
  const did = (await readRecorded(db, sql)).get(id)?.operations ?? "[]";
  return {
    kind: "unknown",
    revision: id,
    says: `${id} is applied, but no file has it`,
    details: (JSON.parse(did) as readonly Operation[]).map((operation) => `it did: ${describe(operation)}`),
    mend: `forget ${id}: its row goes, what it did to the database stays`,
    instead: "check out the branch that has its file",
    sql: [sql.remove(id)],
  };
}

async function missingAilment(project: Project, id: string, fits: Awaited<ReturnType<Agreement>>): Promise<Diagnosed> {
  const file = fileOf(project, id);
  const revision = await loadRevision(file);
  const record = placed(project, recordOf(revision, checksum(revision), file.sourceHash));
  return {
    kind: "missing",
    revision: id,
    says: `${id} is not recorded, but a revision that follows it is${fits ? "; the database has what it makes" : ""}`,
    details: unseen(revision.upgrade.operations),
    mend: fits ? `record ${id} as applied` : null,
    instead: `limbeck upgrade ${id}, if it was not run`,
    sql: fits ? [project.dialect.journal(project.journal).insert(appliedRow(record, 0, 0))] : [],
  };
}

/** Revisions that the recorded ones stand on, and that are not recorded themselves. */
function missingBelow({ graph }: Project, journal: Journal): readonly string[] {
  const recorded = new Set(journal.rows.map(({ id }) => id));
  const below = ancestors(
    graph,
    [...journal.applied].filter((id) => graph.nodes.has(id)),
  );
  return graph.order.filter((id) => below.has(id) && !recorded.has(id));
}
