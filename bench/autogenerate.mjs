// The database is as the entities want it: what does it cost to find that out?
import { rmSync } from "node:fs";
import { measure, peak, runOnce } from "./measure.mjs";
import { makeProject } from "./project.mjs";
import { cells, ms, row, section } from "./table.mjs";
import { compare, ours, part, theirs } from "./tool.mjs";

const command = ours("revision", "--autogenerate", "-m", "none");

export async function autogenerate({ engine, server, database, tables }) {
  section(`${tables} tables, nothing to change`);
  const cwd = makeProject(tables, engine);
  const project = { cwd, env: { DATABASE_URL: await server.make(database) }, runs: tables > 1000 ? 1 : tables > 500 ? 3 : 5 };
  try {
    runOnce(ours("revision", "--autogenerate", "-m", "all", "--rev-id", "all1", "--quiet"), project);
    // statement by statement: a server has a limit to what one transaction may lock
    runOnce(ours("upgrade", "head", "--transaction", "none"), project);
    const log = theirs("schema:log");
    const [catalogue, entities] = ["catalogue", "entities"].map((name) => part(name, project, project.runs));
    const [own, rival] = await measure([command, log], { ...project, codes: [0, 1, 3] });
    row("`revision --autogenerate` (`schema:log`)", own, { least: catalogue + entities, theirs: rival });
    cells("of the least: the catalogue queries, the entities", [ms(catalogue), ms(entities)]);
    await compare("`check`", ours("check"), project);
    await compare("`current` (`migration:show`)", ours("current"), { ...project, other: theirs("migration:show") });
    if (tables > 500) return;
    const [most, theirMost] = [command, log].map((one) => `${Math.round(peak(one, project))} MB`);
    cells("most memory of an autogenerate", [most, "", "", theirMost]);
  } finally {
    rmSync(cwd, { recursive: true });
    await server.drop(database);
  }
}
