// Whole commands side by side with TypeORM's own on the same work. A ratio above 1 means that limbeck is faster. Nothing here is an assertion.
//   npm run bench [-- --quick] [-- --db my] [-- --blocking]      PG_URL, MYSQL_URL: other servers than the local ones
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { blocking } from "./blocking.mjs";
import { engines } from "./engine.mjs";
import { measure, median, peak, runOnce } from "./measure.mjs";
import { makeChain, makeProject, root } from "./project.mjs";
import { row, title } from "./table.mjs";

const quick = process.argv.includes("--quick");
const name = process.argv.includes("my") ? "my" : "pg";
const engine = engines[name];
const tool = join(root, "node_modules/.cache", `limbeck-bench-${process.pid}`);
const cli = join(tool, "cli.js");
const typeorm = join(root, "node_modules/typeorm/cli.js");
const database = `limbeck_bench_${process.pid}`;

const empty = ["-e", ""];
const ours = (...args) => [cli, ...args];
const theirs = (...args) => [typeorm, ...args, "-d", "data-source.js"];
const autogenerate = ours("revision", "--autogenerate", "-m", "none");

/** One line: our command, TypeORM's for the same work if there is one, and an empty Node, all by turns. Gives our time. */
async function compared(what, command, other, project, { runs, note } = {}) {
  const commands = [empty, command, ...(other === null ? [] : [other])];
  const [nothing, own, rival] = await measure(commands, { ...project, runs, codes: [0, 1, 3] });
  row(what, own, { empty: nothing, theirs: rival, note: note?.(own) });
  return own;
}

async function startUp() {
  title("Start");
  await compared("--help", ours("--help"), [typeorm, "--help"], {}, { runs: 9 });
}

/** The database is as the entities want it: what does it cost to find that out? */
async function unchanged(server, tables) {
  title(`${tables} tables, nothing to change`);
  const cwd = makeProject(tables, engine);
  const project = { cwd, env: { DATABASE_URL: await server.make(database) } };
  try {
    runOnce(ours("revision", "--autogenerate", "-m", "all", "--rev-id", "all1", "--quiet"), project);
    // statement by statement: a server has a limit to what one transaction may lock
    runOnce(ours("upgrade", "head", "--transaction", "none"), project);
    const runs = tables > 1000 ? 1 : tables > 500 ? 3 : 5;
    const log = theirs("schema:log");
    const catalogue = part("catalogue", project, runs);
    const entities = part("entities", project, runs);
    const note = (time) => `${(time / (catalogue + entities)).toFixed(1)}x its parts:`;
    await compared("revision --autogenerate (schema:log)", autogenerate, log, project, { runs, note });
    row("  the catalogue queries alone", catalogue);
    row("  loading the entities alone, by TypeORM", entities);
    await compared("check", ours("check"), null, project, { runs });
    await compared("current (migration:show)", ours("current"), theirs("migration:show"), project, { runs });
    const [own, rival] = [autogenerate, log].map((command) => Math.round(peak(command, project)));
    console.log(`memory at most: limbeck ${own} MB, TypeORM ${rival} MB`);
  } finally {
    rmSync(cwd, { recursive: true });
    await server.drop(database);
  }
}

/** Milliseconds that the part itself counts. */
function part(name, project, runs) {
  const times = [];
  for (let i = 0; i <= runs; i++) times.push(Number(runOnce([join(tool, "parts.mjs"), name], project)));
  return median(times.slice(1));
}

async function chain(server, count) {
  title(`A chain of ${count} revisions that do nothing`);
  const cwd = makeProject(1, engine);
  const project = { cwd, env: {} };
  const anew = { runs: quick ? 1 : 3, before: async () => Object.assign(project.env, { DATABASE_URL: await server.make(database) }) };
  makeChain(cwd, count);
  try {
    await anew.before();
    const [folder] = await measure([["-e", readFolder]], { cwd });
    row("an empty node that reads the folder", folder);
    const note = (time) => `${(time / folder).toFixed(1)}x reading the folder`;
    const show = theirs("migration:show");
    await compared("history (migration:show)", ours("history"), show, project, { note });
    await compared("heads (migration:show)", ours("heads"), show, project, { note });
    await fromNothing("upgrade head --transaction all (migration:run)", ["--transaction", "all"], [], project, anew);
    await fromNothing("upgrade head (migration:run -t each)", [], ["-t", "each"], project, anew);
    await anew.before();
    runOnce(ours("upgrade", "head"), project);
    runOnce(theirs("migration:run"), project);
    await compared("current (migration:show)", ours("current"), show, project, { note });
    await compared("upgrade head, nothing to do (migration:run)", ours("upgrade", "head"), theirs("migration:run"), project, { note });
    await compared("history --indicate-current", ours("history", "-i"), null, project, { note });
    await compared("check", ours("check"), null, project, { note });
  } finally {
    rmSync(cwd, { recursive: true });
    await server.drop(database);
  }
}

async function fromNothing(what, flags, otherFlags, project, anew) {
  const commands = [ours("upgrade", "head", ...flags), theirs("migration:run", ...otherFlags)];
  const [own, rival] = await measure(commands, { ...project, ...anew });
  row(what, own, { theirs: rival });
}

const readFolder = `const { readdirSync, readFileSync } = require("node:fs");
for (const name of readdirSync("migrations")) readFileSync("migrations/" + name, "utf8");`;

async function prepared() {
  execFileSync(process.execPath, [join(root, ".ci/build.mjs"), "--out", tool], { stdio: ["ignore", "ignore", "inherit"] });
  await build({
    absWorkingDir: root,
    entryPoints: ["bench/parts.mjs"],
    outfile: join(tool, "parts.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    define: { "process.env.LIMBECK_VERSION": '"bench"' },
    banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
  });
}

if (process.argv.some((word) => word.endsWith("blocking"))) {
  await blocking({ engine, name, rows: quick ? 200_000 : 1_000_000 });
  process.exit();
}
const server = await engine.databases();
try {
  await prepared();
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/typeorm/package.json"), "utf8"));
  console.log(
    `Node ${process.versions.node}, TypeORM ${version}, ${engine.name} ${server.version}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`,
  );
  await startUp();
  await chain(server, quick ? 200 : 5000);
  for (const tables of quick ? [50] : [50, 500, 1000, 2000]) await unchanged(server, tables);
} finally {
  rmSync(tool, { recursive: true, force: true });
  await server.drop(database);
  await server.close();
}
