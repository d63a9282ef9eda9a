import { refused } from "../core/errors.ts";
import { requireWhole } from "../graph/graph.ts";
import { planStamp } from "../graph/plan.ts";
import { resolveStamp } from "../graph/target.ts";
import { checksum } from "../revision/checksum.ts";
import type { Journal } from "../run/journal.ts";
import { type Stamps, stamp as stampJournal, stampScript as writeScript } from "../run/stamp.ts";
import { type RevisionRecord, recordOf } from "../run/step.ts";
import { differsFrom } from "./compare.ts";
import { loadRevision } from "./load.ts";
import { contextOf, fileOf, type Location, openProject, type Project, withDatabase } from "./project.ts";

export interface StampOptions {
  readonly purge: boolean;
  /** refuse unless the database equals the revision */
  readonly verify: boolean;
}

/** Records that the database is there, without running anything. */
export async function stamp(
  location: Location,
  targets: readonly string[],
  options: StampOptions,
): Promise<{ readonly heads: readonly string[] }> {
  const project = await openProject(location);
  requireWhole(project.graph);
  return withDatabase(project, async (session) => {
    const plan = async (journal: Journal): Promise<Stamps> => {
      const stamps = await stampsOf(
        project,
        targets,
        journal.rows.map(({ id }) => id),
        journal.applied,
        options.purge,
      );
      if (options.verify) await verified(project, session, stamps, journal.applied);
      return stamps;
    };
    return stampJournal(session.db, { dialect: project.dialect, journal: project.journal, wait: 60 }, plan);
  });
}

/** The statements for a journal that is empty or, with `purge`, will be. */
export async function stampScript(location: Location, targets: readonly string[], purge: boolean): Promise<string> {
  const project = await openProject(location);
  requireWhole(project.graph);
  const { add } = await stampsOf(project, targets, [], new Set(), purge);
  const { lockTimeout = 5 } = project.configuration.settings;
  const context = contextOf(project, project.dialect.assume(project.configuration.flavor));
  return writeScript(
    {
      dialect: project.dialect,
      context,
      journal: project.journal,
      lockTimeoutMs: lockTimeout * 1000,
      statementTimeoutMs: 0,
      skipCode: true,
    },
    { add, purge },
  );
}

async function stampsOf(
  project: Project,
  targets: readonly string[],
  rows: readonly string[],
  applied: ReadonlySet<string>,
  purge: boolean,
): Promise<Stamps> {
  const before = purge ? new Set<string>() : applied;
  const { add, remove } = planStamp(project.graph, before, resolveStamp(project.graph, before, targets));
  const records: RevisionRecord[] = [];
  for (const id of add) {
    const file = fileOf(project, id);
    const revision = await loadRevision(file);
    records.push(recordOf(revision, checksum(revision), file.sourceHash));
  }
  return { add: records, remove: purge ? rows : remove };
}

async function verified(
  project: Project,
  session: Parameters<Parameters<typeof withDatabase>[1]>[0],
  stamps: Stamps,
  applied: ReadonlySet<string>,
): Promise<void> {
  const after = new Set([...applied, ...stamps.add.map(({ id }) => id)]);
  for (const id of stamps.remove) after.delete(id);
  const { operations } = await differsFrom(project, session, after);
  if (operations.length === 0) return;
  throw refused(
    "not-equal",
    `The database is not what the revision says: ${operations.length} difference${operations.length === 1 ? "" : "s"}. Nothing was stamped.`,
    "limbeck check shows what differs from the entities; stamp without --verify when that is meant",
    { operations },
  );
}
