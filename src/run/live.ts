import type { Db } from "../core/db.ts";
import { failed } from "../core/errors.ts";
import type { CodeStep } from "../core/revision.ts";
import type { Statement } from "../core/statement.ts";
import { Stop } from "./execute.ts";
import type { Sink } from "./sink.ts";
import type { Step } from "./step.ts";

/** How a step written in code is run: the caller knows what to hand it. */
export type RunCode = (code: CodeStep) => Promise<void>;

/** Sends to a server, over one session: lock, journal and work share it. */
export function live(db: Db, runCode: RunCode, signal?: AbortSignal): Sink {
  const query = async (sql: string): Promise<void> => {
    await db.query(sql);
  };
  return {
    session: db.session,
    announce: async () => {},
    begin: () => query(db.flavor === "postgres" ? "BEGIN" : "START TRANSACTION"),
    commit: () => query("COMMIT"),
    rollback: () => query("ROLLBACK"),
    journal: query,
    async statement(statement, step) {
      if (statement.code !== undefined) await runStep(statement.code, step, runCode);
      else if (statement.batches) await inBatches(db, statement, signal);
      else await query(statement.sql);
      await refuseWarnings(db, statement);
    },
  };
}

async function runStep(place: number, step: Step, runCode: RunCode): Promise<void> {
  const code = step.code[place];
  if (code === undefined) throw new Error(`revision ${step.id} has no code step ${place}`);
  await runCode(code);
}

/** Each batch is a statement of its own and so committed; the last one finds no row. */
async function inBatches(db: Db, { sql }: Statement, signal: AbortSignal | undefined): Promise<void> {
  while ((await changedRows(db, sql)) > 0) if (signal?.aborted) throw new Stop();
}

async function changedRows(db: Db, sql: string): Promise<number> {
  if (db.flavor !== "postgres") {
    const results = await db.batch([sql, "SELECT ROW_COUNT()"]);
    return Number(results.at(-1)?.[0]?.[0] ?? 0);
  }
  const [row] = await db.query(`WITH changed AS (\n${sql}\nRETURNING 1) SELECT count(*) AS rows FROM changed`);
  return Number(row?.rows ?? 0);
}

/** In a strict session a warning after an ALTER still means that something is not as it was asked for: a cut index, rounded values. */
async function refuseWarnings(db: Db, { sql }: Statement): Promise<void> {
  if (db.flavor === "postgres" || !/^\s*ALTER\b/i.test(sql)) return;
  // 1831: there is another index over the same columns
  const warnings = (await db.warnings()).filter((warning) => !/ 1831:/.test(warning));
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
