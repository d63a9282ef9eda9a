// Whole commands side by side with TypeORM's own on the same work, as ratios (above 1: limbeck is faster). Nothing here is an assertion.
// PG_URL: where; --quick: small sizes.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { measure, row } from "./measure.mjs";
import { makeChain, makeProject, root } from "./project.mjs";

const server = process.env.PG_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
const quick = process.argv.includes("--quick");
const cli = join(root, "dist/cli.js");
const typeorm = join(root, "node_modules/typeorm/cli.js");

async function withDatabase(name, work) {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  try {
    return await work(Object.assign(new URL(server), { pathname: `/${name}` }).toString());
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}

const ours = (cwd, args, options) => measure(process.execPath, [cli, ...args], { cwd, ...options });
const theirs = (cwd, args, options) => measure(process.execPath, [typeorm, ...args, "-d", "data-source.js"], { cwd, ...options });

async function unchanged(tables) {
  await withDatabase(`limbeck_bench_${process.pid}`, async (url) => {
    const dir = makeProject(tables, url);
    try {
      must(dir, ["revision", "--autogenerate", "-m", "all", "--rev-id", "all1"]);
      must(dir, ["upgrade", "head"]);
      const runs = tables > 500 ? 3 : 5;
      const log = theirs(dir, ["schema:log"], { runs });
      row(`no-change autogenerate, ${tables} tables`, ours(dir, ["revision", "--autogenerate", "-m", "none"], { runs }), log);
      row(`check, ${tables} tables`, ours(dir, ["check"], { runs }), log);
      row(`current, ${tables} tables`, ours(dir, ["current"], { runs }), theirs(dir, ["migration:show"], { runs, codes: [0, 1] }));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
}

async function chain(count) {
  await withDatabase(`limbeck_bench_${process.pid}`, async (url) => {
    const dir = makeProject(1, url);
    try {
      makeChain(dir, count);
      const show = () => theirs(dir, ["migration:show"], { runs: 3, codes: [0, 1] });
      const before = show();
      row(`history, ${count} revisions`, ours(dir, ["history"]), before);
      row(`heads, ${count} revisions`, ours(dir, ["heads"]), before);
      const upgrade = ours(dir, ["upgrade", "head"], { runs: 1 });
      row(`upgrade head, ${count} revisions from nothing`, upgrade, theirs(dir, ["migration:run"], { runs: 1 }));
      row(`current, ${count} revisions`, ours(dir, ["current"]), show());
      row(`upgrade head, nothing to do, ${count} revisions`, ours(dir, ["upgrade", "head"]), theirs(dir, ["migration:run"], { runs: 3 }));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
}

function must(cwd, args) {
  const run = spawnSync(process.execPath, [cli, ...args], { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`limbeck ${args.join(" ")}\n${run.stdout}${run.stderr}`);
}

console.log(
  `Node ${process.versions.node}, TypeORM ${JSON.parse(readFileSync(join(root, "node_modules/typeorm/package.json"), "utf8")).version}\n`,
);
const empty = measure(process.execPath, ["-e", ""]);
console.log(`an empty node process: ${Math.round(empty.median)} ms`);
row("--help", ours(root, ["--help"]), measure(process.execPath, [typeorm, "--help"]));
for (const tables of quick ? [50] : [50, 500, 2000]) await unchanged(tables);
await chain(quick ? 200 : 5000);
