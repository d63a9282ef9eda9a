// Every command on long histories. What nobody can do without is an empty Node that reads the folder and, where the database is asked, a
// bare session of the driver's; where the entities are, too, TypeORM's reading of them.
import { rmSync } from "node:fs";
import { measure, runOnce } from "./measure.mjs";
import { makeChain, makeHistory, makeProject } from "./project.mjs";
import { cells, ms, section } from "./table.mjs";
import { compare, ours, theirs } from "./tool.mjs";

const readFolder = `const { readdirSync, readFileSync } = require("node:fs");
for (const name of readdirSync("migrations")) readFileSync("migrations/" + name, "utf8");`;

const readModels = `const { DataSource } = require("typeorm");
new DataSource({ ...require("./data-source.js").default.options, migrations: [] }).buildMetadatas();`;

const commands = [
  { name: "heads" },
  { name: "branches" },
  { name: "history" },
  { name: "history --graph" },
  { name: "show r000000" },
  { name: "revision --empty --dry-run -m next", oneHead: true },
  { name: "current", asks: true, other: "migration:show" },
  { name: "history --indicate-current", asks: true },
  { name: "check", asks: true, compares: true },
  { name: "upgrade heads", asks: true, other: "migration:run" },
];

/** A chain, a history of merges and one of heads. */
export async function graph({ engine, server, database, count }) {
  const shapes = [
    [`a chain of ${count} revisions`, (dir) => makeChain(dir, count), true],
    [`${count * 0.4} merges`, (dir) => makeHistory(dir, merges(count * 0.4)), true],
    [`${count * 0.4} heads`, (dir) => makeHistory(dir, heads(count * 0.4)), false],
  ];
  for (const [what, make, oneHead] of shapes) {
    section(`${what}, all applied`);
    await inProject({ engine, server, database, make }, async (project) => {
      const chain = what.startsWith("a chain");
      if (chain) runOnce(theirs("migration:run"), project);
      const leastOf = ({ asks, compares }) => [readFolder, ...(asks ? [engine.session] : []), ...(compares ? [readModels] : [])].join("\n");
      for (const command of commands) {
        const { name, other, oneHead: one } = command;
        if (one && !oneHead) continue;
        const peer = chain && other !== undefined ? { other: theirs(other) } : {};
        const label = `${labelOf({ name })}${peer.other === undefined ? "" : ` (\`${other}\`)`}`;
        await compare(label, ours(...name.split(" ")), { ...project, runs: 3, least: ["-e", leastOf(command)], ...peer });
      }
    });
  }
}

/** What grows with the square would show here: twice the revisions, more than twice the time. */
export async function growth({ engine, server, database, count }) {
  const sizes = [count / 4, count / 2, count];
  cells("**how it grows: this many revisions in a chain**", sizes.map(String));
  const times = [];
  for (const size of sizes) {
    await inProject({ engine, server, database, make: (dir) => makeChain(dir, size) }, async (project) => {
      const all = [["-e", readFolder], ...commands.map(({ name }) => ours(...name.split(" ")))];
      times.push(await measure(all, { ...project, runs: 3, codes: [0, 3] }));
    });
  }
  for (const [i, name] of ["an empty node that reads the folder", ...commands.map(labelOf)].entries()) {
    cells(
      name,
      times.map((row) => ms(row[i])),
    );
  }
}

const labelOf = ({ name }) => `\`${name.replace("r000000", "REV")}\``;

async function inProject({ engine, server, database, make }, work) {
  const cwd = makeProject(1, engine);
  try {
    make(cwd);
    const project = { cwd, env: { DATABASE_URL: await server.make(database) } };
    runOnce(ours("upgrade", "heads", "--transaction", "all"), project);
    await work(project);
  } finally {
    rmSync(cwd, { recursive: true });
    await server.drop(database);
  }
}

const id = (n) => `r${String(n).padStart(6, "0")}`;

/** Two that part and come together again, over and over. */
function merges(count) {
  const nodes = [{ id: id(0), parents: [] }];
  for (let i = 0; i < count; i++) {
    const [from, a, b, end] = [3 * i, 3 * i + 1, 3 * i + 2, 3 * i + 3].map(id);
    nodes.push({ id: a, parents: [from] }, { id: b, parents: [from] }, { id: end, parents: [a, b] });
  }
  return nodes;
}

const heads = (count) => Array.from({ length: count + 1 }, (_, i) => ({ id: id(i), parents: i === 0 ? [] : [id(0)] }));
