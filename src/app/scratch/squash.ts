import { failed } from "../../core/errors.ts";
import { describe } from "../../core/operations/index.ts";
import { keyOf, type Schema } from "../../core/schema.ts";
import type { Direction } from "../../run/step.ts";
import { fileOf, type Location, type Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { carryOut, groundOf, type Link, loadChain } from "./chain.ts";
import { inEmptyDatabase } from "./database.ts";
import { seed } from "./seed.ts";
import { type Excused, readSchema, rowDifferences, type Snapshot, schemaDifference, takeSnapshot } from "./snapshot.ts";

/** What a database looks like on the way. */
interface Way {
  readonly up: Snapshot;
  readonly down: Snapshot;
  readonly notes: readonly string[];
}

/**
 * Runs the originals in one empty database and the squash in another, over the same rows, there and back: schema and rows must be the same
 * at both ends. Gives notes on what could not be shown.
 */
export async function proveSquash(
  location: Location,
  project: Project,
  before: readonly string[],
  originals: readonly Link[],
  squash: Link,
): Promise<readonly string[]> {
  const below = await loadChain(
    project,
    before.map((id) => fileOf(project, id)),
  );
  const ground = groundOf([...below, ...originals]);
  const along = (links: readonly Link[], rows: boolean) =>
    inEmptyDatabase(project, ground, (place) => thereAndBack(location, project, place, below, links, rows));
  const old = await along(originals, true).catch((error: unknown) => ({ error }));
  if (!("error" in old)) {
    compareWays(project, old, await along([squash], true));
    return old.notes;
  }
  // where made-up rows are in the way of the originals it must go without them, or not at all
  compareWays(project, await along(originals, false), await along([squash], false));
  return [
    `proved without rows in the tables that were there before: ${old.error instanceof Error ? old.error.message : String(old.error)}`,
  ];
}

function compareWays(project: Project, old: Way, fresh: Way): void {
  requireSame(project, "up", old.up, fresh.up);
  requireSame(project, "down", old.down, fresh.down);
}

async function thereAndBack(
  location: Location,
  project: Project,
  place: Session,
  below: readonly Link[],
  links: readonly Link[],
  rows: boolean,
): Promise<Way> {
  const go = async (link: Link, direction: Direction) =>
    carryOut(location, project, place, link, direction, await readSchema(project, place)).catch((error: unknown) => {
      throw notProved(
        `${link.revision.id} cannot be carried out (${direction})`,
        error instanceof Error ? error.message : String(error),
        error,
      );
    });
  for (const link of below) await go(link, "upgrade");
  const notes = rows ? await seed(project, place, await readSchema(project, place)) : [];
  for (const link of links) await go(link, "upgrade");
  const up = await takeSnapshot(project, place);
  for (const link of [...links].reverse()) await go(link, "downgrade");
  return { up, down: await takeSnapshot(project, place), notes };
}

function requireSame(project: Project, direction: "up" | "down", old: Snapshot, fresh: Snapshot): void {
  const operations = [...schemaDifference(project, old.schema, fresh.schema), ...schemaDifference(project, fresh.schema, old.schema)];
  if (operations.length > 0) {
    throw notProved(`leads to another schema (${direction})`, [...new Set(operations.map(describe))].join("; "));
  }
  const excused = momentary(old.schema);
  const rows = [...rowDifferences(old, fresh, excused), ...rowDifferences(fresh, old, excused)];
  if (rows.length > 0) throw notProved(`leaves other rows (${direction})`, [...new Set(rows)].join("; "));
}

/** Columns whose default is another value each time it is asked. */
function momentary(schema: Schema): Excused {
  const isCalled = (text: string | undefined) => text !== undefined && /\(|current_|localtime/i.test(text) && !/^nextval/i.test(text);
  return new Map(
    schema.tables.map((table) => {
      const columns = table.columns.filter((column) => isCalled(column.default) || column.onUpdate !== undefined);
      return [keyOf(table), new Set(columns.map(({ name }) => name))];
    }),
  );
}

function notProved(what: string, detail: string, cause?: unknown) {
  return failed(
    "proof-failed",
    `Tried beside the originals in empty databases, the squash ${what}; nothing was kept.\n  ${detail}`,
    "squash a shorter range; --no-proof writes it all the same",
    {},
    cause,
  );
}
