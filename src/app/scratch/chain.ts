import { credentialsOf } from "../../connect/target.ts";
import { refused } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import type { Revision } from "../../core/revision.ts";
import type { Schema } from "../../core/schema.ts";
import { checksum } from "../../revision/checksum.ts";
import type { RevisionFile } from "../../revision/directory.ts";
import { run } from "../../run/run.ts";
import { type Direction, type Step, stepOf } from "../../run/step.ts";
import { openPoints } from "../move/refusals.ts";
import { codeRunner } from "../project/code.ts";
import { loadRevision } from "../project/load.ts";
import type { Location, Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import { schemaOf, touchedBy } from "./part.ts";

/** A revision that is to be tried. */
export interface Link {
  readonly revision: Revision;
  readonly sourceHash: string;
  /** it wraps a migration of TypeORM's */
  readonly typeorm: boolean;
}

/** Loads them, in the order given, and refuses what must not be run in a place of its own. */
export async function loadChain(project: Project, files: readonly RevisionFile[]): Promise<readonly Link[]> {
  const links: Link[] = [];
  for (const file of files) {
    if (file.header.review.length > 0) throw openPoints(file.header);
    const revision = await loadRevision(file);
    for (const { operations } of [revision.upgrade, revision.downgrade]) refuseReach(project, revision.id, operations);
    links.push({ revision, sourceHash: file.sourceHash, typeorm: file.header.typeorm !== undefined });
  }
  return links;
}

/** One revision, as `limbeck upgrade` and `downgrade` run it, journal and all. */
export async function carryOut(
  location: Location,
  project: Project,
  place: Session,
  { revision, sourceHash }: Link,
  direction: Direction,
  before: Schema,
): Promise<void> {
  const step: Step = { ...stepOf(revision, direction, checksum(revision), sourceHash), before };
  await run(
    place.db,
    {
      dialect: project.dialect,
      context: place.context,
      journal: project.journal,
      transaction: "each",
      wait: 5,
      lockTimeoutMs: 5000,
      statementTimeoutMs: 0,
      runCode: codeRunner(project, place, location.x),
    },
    async () => [step],
  );
}

/** What a database needs and no revision makes. */
/** What an empty database must have before the revisions, if the real one has it: schemas that they speak of, and extensions, unless they make them. */
export interface Ground {
  readonly schemas: ReadonlySet<string>;
  readonly madeExtensions: ReadonlySet<string>;
}

export function groundOf(links: readonly Link[]): Ground {
  const operations = links.flatMap(({ revision }) => revision.upgrade.operations);
  const made = (kind: "createExtension" | "createSchema") => new Set(operations.flatMap((one) => (one.kind === kind ? [one.name] : [])));
  const schemas = made("createSchema");
  const named = [...touchedBy(operations)].flatMap((key) => schemaOf(key) ?? []);
  return { schemas: new Set(named.filter((name) => !schemas.has(name))), madeExtensions: made("createExtension") };
}

/** On MySQL a name with a database before it leaves the scratch database, and would change the real one. */
function refuseReach({ dialect, configuration }: Project, id: string, operations: readonly Operation[]): void {
  if (dialect.name !== "mysql") return;
  const { database, url } = credentialsOf(configuration.options);
  const own = [database, typeof url === "string" ? decodeURIComponent(new URL(url).pathname.slice(1)) : null];
  const names = own.flatMap((name) => (typeof name === "string" && name !== "" ? [name] : []));
  const qualified = names.map((name) => new RegExp(`\\b${name.replace(/[^\w]/g, "\\$&")}[\`"]?\\s*\\.`, "i"));
  for (const operation of operations) {
    const sql = operation.kind === "execute" ? [operation.sql, operation.undo ?? ""] : [];
    const named = qualified.some((pattern) => sql.some((text) => pattern.test(text)));
    const elsewhere = sql.some((text) => /^\s*(?:use|(?:create|drop|alter)\s+(?:database|schema))\b/i.test(text));
    if (!named && !elsewhere && !JSON.stringify(operation).includes('"schema":') && operation.kind !== "moveTable") continue;
    throw refused(
      "reaches-out",
      `Revision ${id} speaks of a database by its name, which a trial in a scratch database would change.`,
      "leave the name of the database out of its SQL; what stands in another database can't be tried",
      { revision: id, operation },
    );
  }
}
