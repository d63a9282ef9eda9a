import { LimbeckError } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import { describe } from "../../core/operations/index.ts";
import type { Schema } from "../../core/schema.ts";
import { readJournal } from "../../run/journal.ts";
import type { Direction } from "../../run/step.ts";
import type { Location, Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { carryOut, type Link } from "./chain.ts";
import { hasDataSteps, type Losses, lossesOf } from "./losses.ts";
import { removeRows, seed } from "./seed.ts";
import { type Excused, readSchema, rowDifferences, type Snapshot, schemaDifference, takeSnapshot, underOldNames } from "./snapshot.ts";

export interface Problem {
  readonly stage: "upgrade" | "downgrade" | "upgrade again" | "history";
  readonly message: string;
}

/** What came of one revision: up, down and up again, with rows in the tables. */
export interface Trial {
  readonly problem: Problem | null;
  readonly notes: readonly string[];
  /** the schema afterwards */
  readonly schema: Schema | null;
  /** the rows were in the way, and the place cannot be used any more */
  readonly again: boolean;
}

export async function tryRevision(location: Location, project: Project, place: Session, link: Link, withRows: boolean): Promise<Trial> {
  const course: Course = { location, project, place, link, notes: [], emptied: false };
  if (!withRows) course.notes.push("tried without rows: made-up ones were in its way");
  try {
    return { problem: null, again: false, notes: course.notes, schema: await thereAndBack(course, withRows) };
  } catch (error) {
    if (error instanceof Stuck) return { problem: null, notes: course.notes, schema: null, again: true };
    if (!(error instanceof Failing)) throw error;
    return { problem: { stage: error.stage, message: error.message }, notes: course.notes, schema: null, again: false };
  }
}

interface Course {
  readonly location: Location;
  readonly project: Project;
  readonly place: Session;
  readonly link: Link;
  readonly notes: string[];
  /** the rows were in the way and are gone: there is nothing to compare */
  emptied: boolean;
}

/** The end of a trial: the revision is wrong. */
class Failing extends Error {
  readonly stage: Problem["stage"];
  constructor(stage: Problem["stage"], message: string) {
    super(message);
    this.stage = stage;
  }
}
/** The rows were in the way, and half of the revision stands. */
class Stuck extends Error {}

async function thereAndBack(course: Course, withRows: boolean): Promise<Schema> {
  const { project, place, link, notes } = course;
  const { upgrade, downgrade } = link.revision;
  const snapshot = () => takeSnapshot(project, place);
  if (withRows) notes.push(...(await seed(project, place, await readSchema(project, place))));
  const start = await snapshot();
  await go(course, "upgrade", "upgrade", start);
  const up = await snapshot();
  const losses = lossesOf(upgrade.operations, hasDataSteps(downgrade.operations));
  if (!losses.relabels) compareRows(course, "upgrade", start, underOldNames(up, losses), losses);

  await go(course, "downgrade", "downgrade", up);
  const down = await snapshot();
  // what TypeORM's own migrations leave behind (MySQL's indexes of foreign keys) is not ours to mend, and no reason to stop
  if (link.typeorm) notes.push(...leftBehind(course, down.schema, start.schema));
  else requireSame(course, "downgrade", down.schema, start.schema, "does not lead back to what was before", upgrade.operations);
  const lost = compareRows(course, "downgrade", start, down, losses);
  if (lost.length > 0) {
    const by = [...new Set(losses.said)].join("; ") || "steps of its own";
    notes.push(`what it changes can't come back: ${lost.join("; ")} (${by})`);
  }

  await go(course, "upgrade again", "upgrade", down);
  const again = await snapshot();
  requireSame(course, "upgrade again", again.schema, up.schema, "leads to something else than the first time");
  if (lost.length === 0) compareRows(course, "upgrade again", up, again, { tables: added(start, up), anything: losses.anything });
  return again.schema;
}

/** Runs it in a direction. Where made-up rows are in the way it is tried again without them. */
async function go(course: Course, stage: Problem["stage"], direction: Direction, from: Snapshot): Promise<void> {
  const { location, project, place, link, notes } = course;
  const run = () => carryOut(location, project, place, link, direction, from.schema);
  try {
    await run();
  } catch (error) {
    if (!(error instanceof LimbeckError)) throw error;
    if ([...from.rows.values()].every(({ rows }) => rows.length === 0) || course.emptied) throw new Failing(stage, error.message);
    if (await isHalfDone(course, from)) throw new Stuck();
    notes.push(`${stage}: not with the rows that were made up: ${firstLines(error.message)}`);
    await removeRows(project, place, from.schema);
    course.emptied = true;
    await run().catch((second: unknown) => {
      throw new Failing(stage, second instanceof Error ? second.message : String(second));
    });
  }
}

/** Known from the journal; or code has changed the schema on an engine that cannot take that back. */
async function isHalfDone({ project, place }: Course, from: Snapshot): Promise<boolean> {
  const { interrupted } = await readJournal(place.db, project.dialect.journal(project.journal));
  return interrupted !== null || schemaDifference(project, await readSchema(project, place), from.schema).length > 0;
}

function leftBehind({ project }: Course, is: Schema, should: Schema): readonly string[] {
  const operations = schemaDifference(project, is, should);
  return operations.length === 0 ? [] : [`the way back leaves behind what it should not: ${operations.map(describe).join("; ")}`];
}

/** What went by `ifExists` was not there before: its way back makes it all the same. */
function requireSame(
  { project }: Course,
  stage: Problem["stage"],
  is: Schema,
  should: Schema,
  what: string,
  there: readonly Operation[] = [],
): void {
  const gone = new Set(there.flatMap((one) => ("ifExists" in one ? describe(one) : [])));
  const operations = schemaDifference(project, is, should).filter((one) => !gone.has(describe(one)));
  if (operations.length > 0) throw new Failing(stage, `${what}: ${operations.map(describe).join("; ")}`);
}

/** The differences that the operations explain; others are the end of it. */
function compareRows(
  { emptied }: Course,
  stage: Problem["stage"],
  before: Snapshot,
  after: Snapshot,
  { tables, anything }: Pick<Losses, "tables" | "anything">,
): readonly string[] {
  if (emptied) return [];
  const all = rowDifferences(before, after, new Map());
  const unexplained = anything ? [] : rowDifferences(before, after, tables);
  if (unexplained.length > 0) throw new Failing(stage, `changes rows that it should keep: ${unexplained.join("; ")}`);
  return all;
}

/** Columns that were not there before: a default may give each time another value. */
function added(start: Snapshot, up: Snapshot): Excused {
  const found = new Map<string, ReadonlySet<string> | null>();
  const columns = new Map(start.schema.tables.map((table) => [table.name, new Set(table.columns.map(({ name }) => name))]));
  for (const [key, { table }] of up.rows) {
    const had = columns.get(table.name);
    const now = up.schema.tables.find((one) => one.name === table.name && one.schema === table.schema)?.columns ?? [];
    found.set(key, had === undefined ? null : new Set(now.flatMap(({ name }) => (had.has(name) ? [] : [name]))));
  }
  return found;
}

const firstLines = (text: string): string => text.split("\n").slice(0, 2).join(" ");
