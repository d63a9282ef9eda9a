import type { Db } from "../../core/db.ts";
import type { ReadOnly, SessionOptions } from "../dialect.ts";
import { quoteLiteral } from "./quote.ts";

/**
 * What a value or an error means must not depend on how a role or a database happens to be configured: strings, time zone and
 * the printing of dates are set. The search_path is the user's: it says which schema is the default one.
 */
export function session(options: SessionOptions): readonly string[] {
  return [
    "SET client_encoding = 'UTF8'",
    "SET standard_conforming_strings = on",
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'postgres'",
    "SET bytea_output = 'hex'",
    "SET client_min_messages = 'warning'",
    ...patience(options),
    "SET idle_in_transaction_session_timeout = 0",
    // of later releases: a step in code, or a pause before another try, is longer than a web request may be
    `SELECT set_config(name, '0', false) FROM unnest(ARRAY['idle_session_timeout', 'transaction_timeout']) AS name WHERE current_setting(name, true) <> '0'`,
    // the lock of a machine that is gone without a word is free after two minutes instead of two hours
    "SET tcp_keepalives_idle = 60",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 6",
  ];
}

export function patience({ lockTimeoutMs, statementTimeoutMs }: SessionOptions): readonly string[] {
  return [`SET lock_timeout = ${lockTimeoutMs}`, `SET statement_timeout = ${statementTimeoutMs}`];
}

/**
 * The schema that unqualified names stand in, and after it those of extensions, whose functions and types are named without one. A schema
 * with tables of its own is not among them: where a table is missing, its namesake next door must not be changed instead.
 */
export function enter(schema: string): readonly string[] {
  return [
    `SELECT set_config('search_path', concat_ws(', ', quote_ident(${quoteLiteral(schema)}), (
  SELECT string_agg(DISTINCT quote_ident(n.nspname), ', ') FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
  WHERE n.nspname NOT IN ('pg_catalog', ${quoteLiteral(schema)}) AND NOT EXISTS (
    SELECT 1 FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')))), false)`,
  ];
}

/**
 * Behind a proxy that pools by transaction each statement may reach another backend, where neither the lock nor the settings are. An idle
 * proxy gives the same one again: where the process is not the one that the connection was told of, another client takes it away.
 */
export async function pooled(db: Db, open?: () => Promise<Db>): Promise<string | null> {
  const mark = `limbeck ${db.session}`;
  const [first] = await db.query("SELECT pg_backend_pid() AS pid, set_config('limbeck.session', $1, false)", [mark]);
  const moved = async () => {
    const [seen] = await db.query("SELECT pg_backend_pid() AS pid, current_setting('limbeck.session', true) AS mark");
    return seen?.pid !== first?.pid || seen?.mark !== mark;
  };
  if ((await moved()) || (first?.pid !== db.session && open !== undefined && (await beside(open, moved)))) {
    return "two statements of one session reached different server processes: a proxy is pooling by transaction, so that locks and settings do not hold";
  }
  return null;
}

/**
 * Somebody else begins a transaction meanwhile. A proxy that has but one process left gives him ours, and our question waits for his end;
 * one that pools by session lets him wait for ours; one that pools by statement takes no transaction at all.
 */
async function beside(open: () => Promise<Db>, moved: () => Promise<boolean>): Promise<boolean> {
  const opening = open();
  const other = await inTime(opening);
  try {
    const begun = await inTime(other?.query("BEGIN") ?? Promise.resolve([])).catch((error: Error) => error);
    if (begun instanceof Error && /statement pooling/.test(begun.message)) return true;
    return (await inTime(moved())) ?? true;
  } finally {
    void opening.then((db) => db.close()).catch(() => {});
  }
}

/** Undefined when there is no answer in time; it may come later, and nobody hears it. */
async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  answer.catch(() => {});
  let limit: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<undefined>((done) => {
    limit = setTimeout(done, 3000, undefined);
  });
  return Promise.race([answer, over]).finally(() => clearTimeout(limit));
}

/** A standby follows another server until it is promoted; a role or a database may be configured to read only. */
export async function readOnly(db: Db): Promise<ReadOnly | null> {
  const [row] = await db.query(
    `SELECT pg_is_in_recovery()::int AS standby, current_setting('default_transaction_read_only') AS "readOnly"`,
  );
  if (row?.standby === "1") return { why: "it is a standby, which follows another server", hint: "give limbeck the primary server: --url" };
  if (row?.readOnly !== "on") return null;
  return {
    why: "default_transaction_read_only is on, for this role, this database or the whole server",
    hint: "connect as a role that may write, or take it back: ALTER ROLE … (or ALTER DATABASE …) RESET default_transaction_read_only",
  };
}
