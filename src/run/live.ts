import type { Db } from "../core/db.ts";
import { failed } from "../core/errors.ts";
import { labelOf } from "../core/schema.ts";
import type { Statement } from "../core/statement.ts";
import { backfill } from "./backfill.ts";
import { alone } from "./batches.ts";
import type { LiveOptions } from "./options.ts";
import { patiently } from "./patient.ts";
import { orRefused } from "./settle.ts";
import type { Sink } from "./sink.ts";
import type { Watcher } from "./watcher.ts";

type SinkOptions = Pick<
  LiveOptions,
  "dialect" | "journal" | "transaction" | "lockTimeoutMs" | "statementTimeoutMs" | "runCode" | "signal" | "onEvent"
>;

/** Sends to a server, over one session: lock, journal and work share it. */
export function live(db: Db, options: SinkOptions, watcher: Watcher): Sink {
  const { dialect, lockTimeoutMs, signal, onEvent } = options;
  const query = async (sql: string): Promise<void> => {
    await db.query(sql);
  };
  const journal = (sql: string, rows?: number) => (rows === undefined ? query(sql) : change(db, sql, rows, labelOf(options.journal)));
  const patience = { lockTimeoutMs, signal, onEvent, blockers: watcher.blockers };
  return {
    session: db.session,
    announce: async () => {},
    begin: () => query(dialect.script.begin),
    commit: () => query("COMMIT"),
    rollback: () => query("ROLLBACK"),
    journal,
    async statement(statement, step, turn) {
      const { batches, code } = statement;
      await watcher.during(turn.place, async () => {
        if (code !== undefined) {
          const run = step.code[code];
          if (run === undefined) throw new Error(`revision ${step.id} has no code step ${code}`);
          await options.runCode(run, !alone(statement, options.transaction));
        } else if (batches !== undefined) {
          const keep = (progress: string) => journal(dialect.journal(options.journal).update(step.id, { progress }), 1);
          await backfill(batches, { db, dialect, patience, keep }, turn);
        } else {
          await patiently(db, statement, options, async () => {
            await orRefused(() => query(statement.sql));
            await refuseWarnings(db, statement);
          });
        }
      });
    },
  };
}

/** The journal is this run's alone as long as it has the lock: a row that is not there is the work of another hand. */
async function change(db: Db, sql: string, rows: number, table: string): Promise<void> {
  const changed =
    db.flavor === "postgres"
      ? (await db.query(`${sql} RETURNING 1`)).length
      : Number((await db.batch([sql, "SELECT ROW_COUNT()"])).at(-1)?.[0]?.[0] ?? 0);
  if (changed === rows) return;
  throw failed(
    "journal-failed",
    `The journal ${table} was to change in ${rows} ${rows === 1 ? "row" : "rows"}, and ${changed} did: somebody else has changed it.`,
    "limbeck current says what it holds now; limbeck repair mends it",
    { table, sql, changed },
  );
}

/** Whatever changes a table or makes one, and what is prepared for it, whatever its author remarks before. */
const shaping =
  /^(?:\s|\/\*[\s\S]*?\*\/|(?:#|--\s).*\n)*(?:SET\s+STATEMENT\b[^;]*?\bFOR\s+)?(?:ALTER|CREATE\s+TABLE(?!\s+IF\b)|EXECUTE)\b/i;

/**
 * There is another index over the same columns; what was to go if it existed did not; a full-text index has a hidden column made; a spatial
 * one without a reference system is of little use; a word, a collation or a literal's form that will not be known for ever; MySQL's
 * dictionary shows a character of four bytes as a question mark.
 */
const harmless = / (?:1831|1091|124|3674|1287|1681|3719|3720|3778|4079|4095|4096|4119|4166|6035|6124):| 1300: .* utf8mb3$/s;

/** In a strict session a warning after these still means that something is not as it was asked for: a cut index, rounded values. */
async function refuseWarnings(db: Db, { sql }: Statement): Promise<void> {
  if (db.flavor === "postgres" || !shaping.test(sql)) return;
  const warnings = (await db.warnings()).filter((warning) => !harmless.test(warning));
  if (warnings.length === 0) return;
  throw failed(
    "statement-warning",
    `The server did it otherwise than asked: ${warnings.join("; ")}\n  ${sql}`,
    "look at the table; then take it back or write a revision that mends it",
    {
      sql,
      warnings,
    },
  );
}
