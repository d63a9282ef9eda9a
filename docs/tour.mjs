// The main job in a minute, for real: the worked example on an embedded PostgreSQL. It leaves the checkout as it was.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist/cli.js");
const scratch = mkdtempSync(join(tmpdir(), "limbeck-tour-"));
const database = join(scratch, "database");
const dim = (text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[2m${text}\u001b[0m` : text);
const bold = (text) => (process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[0m` : text);

function say(text) {
  console.log(`\n${bold(`# ${text}`)}`);
}

function limbeck(cwd, args, { expect = 0, quiet = false } = {}) {
  if (!quiet) console.log(`$ limbeck ${args.map((word) => (/[^\w./:-]/.test(word) ? JSON.stringify(word) : word)).join(" ")}`);
  const env = {
    ...process.env,
    DATABASE_URL: `embedded:${database}`,
    LIMBECK_URL: "",
    ...(process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {}),
  };
  const run = spawnSync(process.execPath, [cli, ...args], { cwd, env, encoding: "utf8" });
  // progress goes to stderr, and on a terminal it is gone by the end
  const text = (run.status === 0 ? run.stdout : `${run.stdout}${run.stderr}`).trimEnd();
  if (!quiet) console.log(text);
  if (run.status !== expect) {
    console.error(`\nthe tour expected exit code ${expect}, not ${run.status}\n${quiet ? text : ""}`);
    process.exitCode = 1;
    throw new Error("the tour stopped");
  }
  return run.stdout;
}

/** Opens the embedded database as any other program would. */
async function sql(text) {
  const { PGlite } = await import("@electric-sql/pglite");
  const db = await PGlite.create(database);
  const result = await db.query(text);
  await db.close();
  return result.rows;
}

function edit(file, from, to) {
  const path = join(scratch, file);
  const before = readFileSync(path, "utf8");
  if (!before.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, before.replace(from, to));
  console.log(dim(`  ${file}\n  - ${from.trim().replaceAll("\n", "\n  - ")}\n  + ${to.trim().replaceAll("\n", "\n  + ")}`));
}

try {
  if (!existsSync(cli)) throw new Error("dist/ is missing: npm run build");
  say("A fresh embedded PostgreSQL goes through the committed revisions of the example");
  limbeck(root, ["upgrade", "head"]);
  limbeck(root, ["check"]);
  await sql("INSERT INTO users (email, name) VALUES ('ada@example.org', 'Ada')");
  await sql("INSERT INTO question_banks (name, created_by_id) SELECT 'Algebra', id FROM users");

  say("In a copy of the example, a user gains a language, and a question bank's name becomes its title");
  for (const name of ["models", "migrations", "ormconfig.ts", "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(scratch, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));
  edit("models/user.ts", "  @CreateDateColumn(", '  @Column({ length: 10, default: "en" })\n  language!: string;\n\n  @CreateDateColumn(');
  edit("models/question-bank.ts", "  name!: string;", "  title!: string;");
  limbeck(scratch, ["revision", "--autogenerate", "-m", "user language, bank title", "--rev-id", "5eed0fa11bec"]);
  const file = readdirSync(join(scratch, "migrations")).find((name) => name.includes("5eed0fa11bec"));
  console.log(
    dim(
      readFileSync(join(scratch, "migrations", file), "utf8")
        .trimEnd()
        .replace(/^/gm, "  "),
    ),
  );

  say("As written, the names would be lost: it does not run before somebody has answered");
  limbeck(scratch, ["upgrade", "head"], { expect: 4 });
  limbeck(scratch, ["resolve", "5eed", "--rename", "question_banks.name:title"]);
  limbeck(scratch, ["upgrade", "head"]);
  console.log(dim(`  question_banks: ${JSON.stringify(await sql("SELECT title FROM question_banks"))}`));

  say("Entities, revisions and database agree again, and the way back is open");
  limbeck(scratch, ["check"]);
  limbeck(scratch, ["downgrade", "-1"]);
  limbeck(scratch, ["upgrade", "head"]);
  limbeck(scratch, ["history", "-i"]);

  say("With your own project");
  console.log(`  npm install limbeck
  npx limbeck init                     # keeps a data source that you have
  npx limbeck revision --autogenerate -m "first tables"
  npx limbeck upgrade head
  docs/ says more: docs/start.md, docs/review.md, docs/deploy.md`);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
