// From an empty database through a chain of revisions that do nothing: what the runner itself costs.
import { rmSync } from "node:fs";
import { measure } from "./measure.mjs";
import { makeChain, makeProject } from "./project.mjs";
import { row, section } from "./table.mjs";
import { ours, theirs } from "./tool.mjs";

export async function upgrades({ engine, server, database, count }) {
  section(`${count} revisions that do nothing, run on an empty database`);
  const cwd = makeProject(1, engine);
  makeChain(cwd, count);
  const project = { cwd, env: {}, runs: 1, before: async () => Object.assign(project.env, { DATABASE_URL: await server.make(database) }) };
  const compared = async (what, flags, otherFlags) => {
    const [own, rival] = await measure([ours("upgrade", "head", ...flags), theirs("migration:run", ...otherFlags)], project);
    row(what, own, { theirs: rival });
  };
  try {
    await compared("`upgrade head --transaction all` (`migration:run`)", ["--transaction", "all"], []);
    await compared("`upgrade head` (`migration:run -t each`)", [], ["-t", "each"]);
  } finally {
    rmSync(cwd, { recursive: true });
    await server.drop(database);
  }
}
