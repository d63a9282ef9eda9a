// Whole commands side by side with TypeORM's own on the same work, as a table for docs/performance.md. Nothing here is an assertion.
//   npm run bench [-- --quick] [-- --db my] [-- --graph] [-- --blocking]      PG_URL, MYSQL_URL: other servers than the local ones
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { autogenerate } from "./autogenerate.mjs";
import { blocking } from "./blocking.mjs";
import { engines } from "./engine.mjs";
import { graph, growth } from "./graph.mjs";
import { root } from "./project.mjs";
import { header, section } from "./table.mjs";
import { buildTool, compare, empty, ours, removeTool, theirs } from "./tool.mjs";
import { upgrades } from "./upgrades.mjs";

const asked = (word) => process.argv.some((argument) => argument.endsWith(word));
const quick = asked("quick");
const name = process.argv.includes("my") ? "my" : "pg";
const engine = engines[name];
const count = quick ? 200 : 5000;

if (asked("blocking")) {
  await blocking({ engine, name, rows: quick ? 200_000 : 1_000_000 });
  process.exit();
}
const server = await engine.databases();
const place = { engine, server, database: `limbeck_bench_${process.pid}` };
try {
  await buildTool();
  header(titled(server.version));
  if (!asked("graph")) {
    section("start");
    await compare("`--help`", ours("--help"), { runs: 9, least: empty, other: theirs("--help") });
    for (const tables of quick ? [50] : [50, 500, 1000, 2000]) await autogenerate({ ...place, tables });
    await upgrades({ ...place, count });
  }
  await graph({ ...place, count });
  if (asked("graph")) await growth({ ...place, count });
  console.log(`\nLoad at the end: ${loadavg()[0].toFixed(1)}`);
} finally {
  removeTool();
  await server.drop(place.database);
  await server.close();
}

function titled(version) {
  const typeorm = JSON.parse(readFileSync(join(root, "node_modules/typeorm/package.json"), "utf8")).version;
  const [number] = version.split(/[ -]/);
  return `${engine.name} ${number}, Node ${process.versions.node}, TypeORM ${typeorm}, ${cpus().length} cores`;
}
