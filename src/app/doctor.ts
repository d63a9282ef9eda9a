import { createRequire } from "node:module";
import { join } from "node:path";
import { LimbeckError } from "../core/errors.ts";
import { version } from "../core/version.ts";
import { requireWhole } from "../graph/graph.ts";
import { readJournal } from "../run/journal.ts";
import { type Location, openProject, type Project, withDatabase } from "./project.ts";

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string;
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
      const told = error instanceof LimbeckError ? { detail: error.message, fix: error.hint } : { detail: String(error), fix: "" };
      checks.push({ name, ok: false, ...told });
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
      const journal = await readJournal(db, project.dialect.journal(project.journal));
      const unknown = [...journal.applied].filter((id) => !project.graph.nodes.has(id));
      if (unknown.length > 0) throw new Error(`applied, but their files are missing: ${unknown.join(", ")}`);
      return [null, `${journal.applied.size} applied${journal.interrupted === null ? "" : `, ${journal.interrupted.id} was interrupted`}`];
    });
  }).catch((error: unknown) => {
    const told = error instanceof LimbeckError ? { detail: error.message, fix: error.hint } : { detail: String(error), fix: "" };
    checks.push({ name: "connection", ok: false, ...told });
  });
  return { checks };
}

function graphSays({ graph, configuration }: Project): string {
  const { size } = graph.nodes;
  return `${size} revision${size === 1 ? "" : "s"} in ${configuration.migrationsDirs.join(", ")}; heads: ${graph.heads.join(", ") || "none"}`;
}

/** Can this role make what a run makes? Asked of the server, and taken back. */
async function rights(project: Project, db: Parameters<Parameters<typeof withDatabase>[1]>[0]["db"]): Promise<string> {
  const table = project.dialect.quoteTable({ ...project.journal, name: `${project.journal.name}_doctor` });
  await db.query(`CREATE TABLE ${table} (a int)`);
  await db.query(`DROP TABLE ${table}`);
  return "may create and drop tables";
}

function installedVersion(project: Project, name: string): string {
  const require = createRequire(join(project.configuration.projectDir, "package.json"));
  const entry = require.resolve(name);
  const root = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return `${(require(`${root}package.json`) as { version: string }).version} in ${root}`;
}
