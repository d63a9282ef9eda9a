import { refused, usage } from "../core/errors.ts";
import { planStamp } from "../graph/plan.ts";
import { appliedAt, splitRange } from "../graph/range.ts";
import { resolveStamp } from "../graph/target.ts";
import { sorted } from "../graph/walk.ts";
import { checksum } from "../revision/checksum.ts";
import type { Journal } from "../run/journal.ts";
import { type Stamps, stamp as stampJournal, stampScript as writeScript } from "../run/stamp.ts";
import { type RevisionRecord, recordOf } from "../run/step.ts";
import { executedIn, stampsForTypeorm } from "./adopt/typeorm-table.ts";
import { differsFrom } from "./compare/compare.ts";
import { placed } from "./journal/placed.ts";
import { seenBy } from "./move/seen.ts";
import { loadRevision } from "./project/load.ts";
import { fileOf, type Location, openProject, type Project } from "./project/project.ts";
import { contextOf, openWithDatabase, type Session } from "./project/session.ts";

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
  return openWithDatabase(location, { whole: true }, async (opened, session) => {
    const plan = async (found: Journal): Promise<Stamps> => {
      const { project, journal } = options.purge
        ? { project: opened, journal: found }
        : seenBy(opened, found, await executedIn(opened, session.db));
      const rows = found.rows.map(({ id }) => id);
      const stamps = await stampsOf(project, targets, rows, journal.applied, options.purge);
      if (options.verify) await verified(project, session, stamps, journal.applied);
      const whole = options.purge ? stamps : await withSquashes(project, stamps, found, journal);
      return { ...whole, also: await stampsForTypeorm(opened, session.db, whole) };
    };
    return stampJournal(session.db, { dialect: opened.dialect, journal: opened.journal, wait: 60 }, plan);
  });
}

/** The statements for a journal that is empty, that has all up to A of `A:B`, or, with `purge`, will be empty. */
export async function stampScript(location: Location, targets: readonly string[], purge: boolean): Promise<string> {
  const project = await openProject(location, { whole: true });
  const { from, to } = oneBeginning(targets, purge);
  const before = appliedAt(project.graph, new Set(), from);
  const stamps = await stampsOf(project, to, [], before, purge);
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
    { ...stamps, at: purge ? null : sorted(project.graph, before) },
  );
}

/** `A:B C` begins at A; a database is at one place only. */
function oneBeginning(targets: readonly string[], purge: boolean): { readonly from: string; readonly to: readonly string[] } {
  const ranges = targets.map((text) => splitRange(text) ?? { from: null, to: text });
  const starts = [...new Set(ranges.flatMap(({ from }) => from ?? []))];
  if (starts.length > 1 || (purge && starts.length > 0)) {
    throw usage(
      "bad-range",
      purge ? "--purge begins at nothing, not at a revision." : `A script begins at one place, not at ${starts.join(" and ")}.`,
      `limbeck stamp ${purge ? "--purge B" : "A:B C"} --sql`,
      { starts },
    );
  }
  return { from: starts[0] ?? "", to: ranges.map(({ to }) => (to === "" ? "heads" : to)) };
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
  return { add: await Promise.all(add.map((id) => recordFor(project, id))), remove: purge ? rows : remove };
}

/** What a squash stands for leaves the journal with the same write. */
async function withSquashes(project: Project, { add, remove }: Stamps, found: Journal, told: Journal): Promise<Stamps> {
  const rows = new Set(found.rows.map(({ id }) => id));
  const kept = new Set(told.rows.map(({ id }) => id));
  const came = [...kept].filter((id) => !rows.has(id) && !remove.includes(id));
  const records = await Promise.all(came.map((id) => recordFor(project, id)));
  return { add: [...add, ...records], remove: [...remove.filter((id) => rows.has(id)), ...[...rows].filter((id) => !kept.has(id))] };
}

async function recordFor(project: Project, id: string): Promise<RevisionRecord> {
  const file = fileOf(project, id);
  const revision = await loadRevision(file);
  return placed(project, recordOf(revision, checksum(revision), file.sourceHash));
}

async function verified(project: Project, session: Session, stamps: Stamps, applied: ReadonlySet<string>): Promise<void> {
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
