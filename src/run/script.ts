import { refused } from "../core/errors.ts";
import { labelOf, type QualifiedName } from "../core/schema.ts";
import { atOnce, type Statement } from "../core/statement.ts";
import { version } from "../core/version.ts";
import type { CompileContext, Dialect, Guard } from "../dialect/dialect.ts";
import { execute } from "./execute.ts";
import type { RunOptions } from "./options.ts";
import { type Question, questionsOf } from "./precheck.ts";
import type { Sink } from "./sink.ts";
import { compiled, type Step } from "./step.ts";

export interface ScriptOptions {
  readonly dialect: Dialect;
  readonly context: CompileContext;
  readonly journal: QualifiedName;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** leave out steps that are written in code, and say so */
  readonly skipCode: boolean;
}

export interface Script {
  readonly sql: string;
  /** steps written in code that are not in it, by revision and title */
  readonly leftOut: readonly string[];
}

/** The same run as a script for psql, mysql or mariadb, which stops at the first error; connects to nothing. */
export async function script(steps: readonly Step[], options: RunOptions & ScriptOptions): Promise<Script> {
  const questions = questionsOf(steps, options);
  const sink = scriptSink(options, questions.later);
  sink.stopWhen("The journal is not where this script begins", journalHint, journalGuards(steps, options));
  sink.stopWhen(obstacleTitle, obstacleHint(questions.first), questions.first.map(guardOf));
  const ready = compiled(steps, options).map((step) => ({ ...step, statements: step.statements.map(asWritten) }));
  await execute(ready, sink, options);
  return sink.script();
}

/** Whoever reads the script is told where it locks more rows at once than a run would. */
function asWritten(statement: Statement): Statement {
  const written = atOnce(statement);
  if (statement.batches === undefined || written.batches !== undefined) return written;
  return {
    ...written,
    sql: `-- a backfill: all rows in one statement, locked until it has ended; limbeck upgrade goes in batches\n${written.sql}`,
  };
}

export interface ScriptSink extends Sink {
  stopWhen(title: string, hint: string, guards: readonly Guard[]): void;
  script(): Script;
}

/** Writes what a live run would send. `later` is asked right before a revision. */
export function scriptSink(options: ScriptOptions, later: (step: Step) => readonly Question[] = () => []): ScriptSink {
  const { dialect, journal } = options;
  const parts: string[] = [];
  const leftOut: string[] = [];
  const write = async (sql: string): Promise<void> => {
    parts.push(`${ended(sql)}\n`);
  };
  const stopWhen = (title: string, hint: string, asked: readonly Guard[]): void => {
    if (asked.length > 0) parts.push(`\n${dialect.script.stopWhen(title, hint, asked).map(ended).join("\n")}\n`);
  };
  return {
    session: null,
    stopWhen,
    async announce(step) {
      const { id, direction, record, statements } = step;
      const count = `${statements.length} ${statements.length === 1 ? "statement" : "statements"}`;
      parts.push(`\n-- ${direction} ${oneLine(id)}: ${oneLine(record.message)} (${count})\n`);
      const questions = later(step);
      stopWhen(obstacleTitle, obstacleHint(questions), questions.map(guardOf));
    },
    begin: () => write(dialect.script.begin),
    commit: () => write("COMMIT"),
    rollback: async () => {},
    journal: write,
    async statement(statement, step) {
      if (statement.code !== undefined) {
        const title = oneLine(statement.sql.replace(/^--\s*/, ""));
        if (!options.skipCode) throw codeInScript(step.id, title);
        leftOut.push(`${step.id}: ${title}`);
        parts.push(`-- left out, a step written in code: ${title}\n`);
      } else for (const sql of patiently(statement, options)) await write(sql);
    },
    script() {
      const body = `${parts.join("")}\n${ended(dialect.lock.release(labelOf(journal)))}\n`;
      return { sql: opening(options, body.includes("\r")) + body, leftOut };
    },
  };
}

function opening({ dialect, journal, lockTimeoutMs, statementTimeoutMs }: ScriptOptions, returns: boolean): string {
  const lines = [
    `-- limbeck ${version}`,
    ...dialect.script.opening,
    ...(returns ? dialect.script.withReturns : []),
    ...dialect.session({ lockTimeoutMs, statementTimeoutMs }).map(ended),
    "",
    ...dialect.lock.acquireOrFail(labelOf(journal)).map(ended),
    ...dialect.journal(journal).create.map(ended),
  ];
  return `${lines.join("\n")}\n`;
}

/** A patient statement has all the time it needs; what follows it has the usual time again. */
function patiently(statement: Statement, { dialect, lockTimeoutMs, statementTimeoutMs }: ScriptOptions): readonly string[] {
  const sent = statement.batches ? dialect.script.loop(statement.sql) : [statement.sql];
  if (!statement.patient) return sent;
  // on MySQL everybody would wait behind what waits for a lock
  const patience = dialect.name === "postgres" ? 0 : lockTimeoutMs;
  return [
    ...dialect.patience({ lockTimeoutMs: patience, statementTimeoutMs: 0 }),
    ...sent,
    ...dialect.patience({ lockTimeoutMs, statementTimeoutMs }),
  ];
}

const journalHint = "limbeck current says where the database is; write the script from there: limbeck upgrade REV:head --sql";

/** A script may be run twice, or too early, or on another database: it stops before its first statement then. */
function journalGuards(steps: readonly Step[], { dialect, journal }: ScriptOptions): readonly Guard[] {
  const table = dialect.quoteTable(journal);
  const text = dialect.quoteLiteral;
  const list = (ids: readonly string[]) => ids.map(text).join(", ");
  const guard = (message: string, sql: string): Guard => ({ message, sql, counts: false, tables: [] });
  const [up, down] = (["upgrade", "downgrade"] as const).map((way) => steps.filter(({ direction }) => direction === way));
  const added = (up ?? []).map(({ id }) => id);
  const removed = (down ?? []).map(({ id }) => id);
  const needed = new Set((up ?? []).flatMap(({ record }) => [...record.parents, ...record.depends_on]).filter((id) => !added.includes(id)));
  return [
    guard(
      "a run left a revision half way, limbeck upgrade or downgrade finishes it",
      `SELECT count(*) AS count, min(id) AS samples FROM ${table} WHERE status <> 'applied'`,
    ),
    ...(added.length === 0
      ? []
      : [guard("recorded already", `SELECT count(*) AS count, min(id) AS samples FROM ${table} WHERE id IN (${list(added)})`)]),
    ...[...needed].map((id) =>
      guard(
        `not recorded, but needed: ${id}`,
        `SELECT CASE count(*) WHEN 0 THEN 1 ELSE 0 END AS count FROM ${table} WHERE id = ${text(id)}`,
      ),
    ),
    ...(down ?? []).map(({ id, record }) =>
      guard(
        `not applied, or not as its file is now: ${id}`,
        `SELECT CASE count(*) WHEN 0 THEN 1 ELSE 0 END AS count FROM ${table} WHERE id = ${text(id)} AND checksum = ${text(record.checksum)}`,
      ),
    ),
    ...removed.map((id) => {
      const named = (column: string) => `position(${text(JSON.stringify(id))} IN ${column}) > 0`;
      const others = `id NOT IN (${list(removed)})`;
      return guard(
        `still needed by another revision: ${id}`,
        `SELECT count(*) AS count, min(id) AS samples FROM ${table} WHERE ${others} AND (${named("parents")} OR ${named("depends_on")})`,
      );
    }),
  ];
}

const obstacleTitle = "What is there does not allow it";

const obstacleHint = (questions: readonly Question[]): string =>
  [...new Set(questions.map(({ step, check }) => check.hint.replaceAll("{revision}", step.id)))].join("\n");

function guardOf({ step, check }: Question): Guard {
  return { sql: check.sql, message: `${step.id}: ${check.message}`, counts: check.about !== "server", tables: check.tables };
}

function codeInScript(id: string, title: string) {
  return refused(
    "code-in-script",
    `Revision ${id} has a step written in code (${title}): it runs in Node, so no script can hold it.`,
    "leave such steps out with --skip-code and run them apart, or run without --sql",
    { revision: id },
  );
}

/** A line comment at the end would swallow the semicolon. */
function ended(sql: string): string {
  const text = sql.trimEnd();
  if (text.endsWith(";")) return text;
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  return lastLine.includes("--") || lastLine.includes("#") ? `${text}\n;` : `${text};`;
}

/** In a comment nothing may end the line but its end. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
