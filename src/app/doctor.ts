import { createRequire } from "node:module";
import { join } from "node:path";
import { failed, integrity, LimbeckError } from "../core/errors.ts";
import { version } from "../core/version.ts";
import { requireWhole } from "../graph/graph.ts";
import type { Interrupted } from "../run/journal.ts";
import { requireWritable } from "../run/lock.ts";
import { requireIntact } from "./journal/integrity.ts";
import { readSeen } from "./move/seen.ts";
import { type Location, openProject, type Project } from "./project/project.ts";
import { withDatabase } from "./project/session.ts";

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string;
  /** of the error, where something is wrong */
  readonly code?: string;
}

/** Goes through everything that a run needs, from the configuration on, and says for each how to mend it. */
export async function doctor(location: Location): Promise<{ readonly checks: readonly Check[] }> {
  const checks: Check[] = [{ name: "limbeck", ok: true, detail: `${version} on Node ${process.versions.node}`, fix: "" }];
  const step = async <T>(name: string, work: () => Promise<readonly [T, string]>): Promise<T | undefined> => {
    try {
      const [value, detail] = await work();
      checks.push({ name, ok: true, detail, fix: "" });
      return value;
    } catch (error) {
      // the revisions' heads are read with the configuration, and are another thing to mend
      const about = error instanceof LimbeckError && error.outcome === "integrity" && name === "configuration" ? "graph" : name;
      checks.push({ name: about, ok: false, ...told(error) });
      return undefined;
    }
  };

  const project = await step("configuration", async () => {
    const opened = await openProject(location);
    return [opened, opened.configuration.file];
  });
  if (project === undefined) return { checks };
  await step("typeorm", async () => [null, installedVersion(project, "typeorm")]);
  await step("graph", async () => {
    requireWhole(project.graph);
    requireMovedAway(project);
    return [null, graphSays(project)];
  });
  await withDatabase(project, async ({ db, server }) => {
    checks.push({
      name: "connection",
      ok: true,
      detail: `${server.flavor} ${server.version.join(".")}, database ${server.database}`,
      fix: "",
    });
    await step("rights", async () => [null, await rights(project, db)]);
    await step("journal", async () => {
      const { project: seen, journal } = await readSeen(project, db);
      await requireIntact(seen, db, journal);
      requireFinished(journal.interrupted);
      return [null, `${journal.applied.size} applied`];
    });
  }).catch((error: unknown) => {
    checks.push({ name: "connection", ok: false, ...told(error) });
  });
  return { checks };
}

function graphSays({ graph, configuration }: Project): string {
  const { size } = graph.nodes;
  return `${size} revision${size === 1 ? "" : "s"} in ${configuration.migrationsDirs.join(", ")}; heads: ${graph.heads.join(", ") || "none"}`;
}

/** Nothing is wrong with it for us; TypeORM's own runner would run both. */
function requireMovedAway({ files, leftBeside }: Project): void {
  const [first] = leftBeside;
  if (first === undefined) return;
  const squash = files.find(({ header }) => header.replaces.includes(first.header.id))?.header.id;
  throw integrity(
    "replaced-left",
    `Revision ${squash} replaces what stands beside it still: ${leftBeside.map(({ file }) => file).join(", ")}.`,
    "delete what stands in replaced/ too; move there what does not",
    { files: leftBeside.map(({ file }) => file) },
  );
}

function told(error: unknown): Omit<Check, "name" | "ok"> {
  return error instanceof LimbeckError ? { detail: error.message, fix: error.hint, code: error.code } : { detail: String(error), fix: "" };
}

function requireFinished(interrupted: Interrupted | null): void {
  if (interrupted === null) return;
  const { id, direction, done, total } = interrupted;
  throw failed(
    "interrupted-revision",
    `The ${direction} of ${id} stopped after ${done} of ${total} statements.`,
    `go on with: limbeck ${direction} ${direction === "upgrade" ? id : `${id}@-1`}`,
  );
}

const grants = {
  postgres: "let the owner of the schema run: GRANT CREATE, USAGE ON SCHEMA public TO the_role; or connect as the owner: --url",
  mysql: "let an administrator run: GRANT ALL ON the_database.* TO the_user; or connect as another user: --url",
} as const;

/** Can this role make what a run makes? Asked of the server, and taken back. */
async function rights(project: Project, db: Parameters<Parameters<typeof withDatabase>[1]>[0]["db"]): Promise<string> {
  await requireWritable(db, project.dialect);
  const table = project.dialect.quoteTable({ ...project.journal, name: `${project.journal.name}_doctor` });
  try {
    await db.query(`CREATE TABLE ${table} (a int PRIMARY KEY)`);
    await db.query(`DROP TABLE ${table}`);
  } catch (cause) {
    throw failed(
      "missing-rights",
      `This role may not create and drop tables: ${cause instanceof Error ? cause.message : String(cause)}.`,
      grants[project.configuration.dialect],
      {},
      cause,
    );
  }
  return "may create and drop tables";
}

function installedVersion(project: Project, name: string): string {
  const require = createRequire(join(project.configuration.projectDir, "package.json"));
  const entry = require.resolve(name);
  const root = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return `${(require(`${root}package.json`) as { version: string }).version} in ${root}`;
}
