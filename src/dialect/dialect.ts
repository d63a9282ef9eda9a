import type { Db, Server } from "../core/db.ts";
import type { Kind, Operation } from "../core/operation.ts";
import type { Rules } from "../core/rules.ts";
import type { Sample } from "../core/sample.ts";
import type { QualifiedName, Schema } from "../core/schema.ts";
import type { Batches, Precheck, Statement } from "../core/statement.ts";

/** Everything that is particular to an engine. Plain functions over plain data; the only way out is the `Db` it is handed. */
export interface Dialect {
  readonly name: "postgres" | "mysql";
  /** statements of a revision can be rolled back together */
  readonly transactionalDdl: boolean;
  /** statements depend on the rest of the table: `CompileContext.before` is to be given */
  readonly needsBefore: boolean;
  readonly rules: Rules;

  identify(db: Db): Promise<Server>;
  /** what to assume of a server that is not asked (`--sql`) */
  assume(flavor: "postgres" | "mysql" | "mariadb", defaultSchema?: string): Server;

  introspect(db: Db, server: Server, scope: Scope): Promise<Introspection>;
  /** one spelling for what is the same by the engine's own rules, on either side; pure */
  normalize(schema: Schema, server: Server): Schema;
  /**
   * The server's spelling of what still differs between `wanted` and `had` after normalize: made in a scratch place in a transaction
   * that is rolled back (temporary tables on MySQL) and read back. Gives `wanted` in the server's words. Asks nothing when nothing differs.
   */
  canonical(db: Db, server: Server, wanted: Schema, had: Schema): Promise<Canonical>;

  compile(operations: readonly Operation[], context: CompileContext): readonly Statement[];
  /** what the data decides, per operation; the operations as they stand in one revision */
  prechecks(operations: readonly Operation[], context: CompileContext): readonly Precheck[];

  /** statements of one batch, each of the last of which answers a question: rows, filled, distinct, unfit; bounded in rows and time */
  samples(questions: readonly Sample[], server: Server): readonly string[];

  quoteName(name: string): string;
  quoteTable(name: QualifiedName): string;
  quoteLiteral(value: string): string;

  journal(table: QualifiedName): JournalSql;
  readonly lock: LockSql;
  /** where what one transaction may lock is limited */
  readonly lockTable?: LockTable;
  readonly script: ScriptSql;
  /** statements that make a fresh session strict and patient: sql_mode, time_zone, lock_timeout, statement_timeout; sent before anything else */
  session(options: SessionOptions): readonly string[];
  /** makes this schema (a database on MySQL) the one that unqualified names stand in, for the session */
  enter(schema: string): readonly string[];
  /** the time limits alone, to change them for one statement */
  patience(options: SessionOptions): readonly string[];
  /** the words in SQL of the author's own that begin or end a transaction, where revisions run in one (PostgreSQL); null: none do */
  transactionWord?(sql: string): string | null;
  /** how the rows of a backfill are reached; refused where they cannot be told apart */
  walk(db: Db, batches: Batches): Promise<Walk>;
  /** asked from another session than the one that works */
  readonly watch: Watch;
  /** a session whose state does not hold between statements (a transaction-pooling proxy); null when it holds */
  pooled?(db: Db, open?: () => Promise<Db>): Promise<string | null>;
  /** why nothing can be written here (a standby, a server or role that is told to read only); null where it can */
  readOnly(db: Db): Promise<ReadOnly | null>;
}

export interface ReadOnly {
  readonly why: string;
  readonly hint: string;
}

/** Filters names before anything is read of them. */
export interface Scope {
  /** PostgreSQL schemas or MySQL databases besides the default one; all that the models and the history mention */
  readonly schemas: readonly string[];
  /** the tool's own tables, by name: never part of a schema */
  readonly ignore: readonly QualifiedName[];
  readonly include?: (name: QualifiedName) => boolean;
  /** PostgreSQL: the caller has a transaction open, whose snapshot and rights are used */
  readonly inTransaction?: true;
}

export interface Introspection {
  readonly schema: Schema;
  /** objects that the schema cannot express, in a sentence each: they are left alone and named */
  readonly notCompared: readonly NotCompared[];
  /** tables on which operations of these kinds can't be done beside others' work */
  readonly plainOnly?: { readonly tables: readonly QualifiedName[]; readonly kinds: readonly Kind[] };
}
export interface NotCompared {
  readonly what: string;
  readonly because: string;
}
export interface Canonical {
  readonly wanted: Schema;
  readonly notCompared: readonly NotCompared[];
}

export interface CompileContext {
  readonly server: Server;
  /** TypeORM's own table of views and generated columns, kept as TypeORM would keep it; undefined: not kept */
  readonly metadataTable?: QualifiedName;
  /** what stands before the operations, as far as the history knows it: MySQL's MODIFY, UPDATE and DROP INDEX depend on the rest of the table */
  readonly before?: Schema;
  /** false: plain forms throughout, because nobody else can be in the way (a scratch copy, an embedded database) or one transaction was asked for */
  readonly online?: false;
}

/** Statements on the journal table; literals are in the text, so that a script and a live run send the same. */
export interface JournalSql {
  /** makes the table when it is missing, and the columns that one of an earlier version lacks */
  readonly create: readonly string[];
  /** one row, one column: 1 when the table exists, else 0 */
  readonly exists: string;
  /** one row, one column: how many of the columns the table lacks */
  readonly lacking: string;
  /** one row, one column */
  progress(id: string): string;
  /** all rows in the order in which they came, with the columns of JournalEntry: there may be thousands */
  readonly brief: string;
  /** the same with the operations */
  readonly whole: string;
  insert(row: JournalRow): string;
  update(id: string, change: Partial<JournalRow>): string;
  remove(id: string): string;
}

/** What of a row tells where the database is; the rest is for people who look into the table. */
export type JournalEntry = Pick<
  JournalRow,
  "id" | "parents" | "depends_on" | "checksum" | "source_hash" | "status" | "done" | "total" | "session" | "error"
>;

export interface JournalRow {
  readonly id: string;
  /** parents and dependencies, so that the heads are known without the files */
  readonly parents: readonly string[];
  readonly depends_on: readonly string[];
  readonly message: string;
  /** of the recorded operations */
  readonly checksum: string;
  /** of the file's bytes: equal means not edited, without running it */
  readonly source_hash: string;
  /** null: the server's clock, now */
  readonly applied_at: string | null;
  readonly duration_ms: number;
  /** null: the server's current user */
  readonly applied_by: string | null;
  readonly tool_version: string;
  readonly status: "applied" | "applying" | "reverting";
  readonly done: number;
  readonly total: number;
  /** the session that is at work, to tell whether it still is */
  readonly session: string | null;
  readonly error: string | null;
  /** how far the running backfill is, for the run that goes on with it */
  readonly progress: string | null;
  /** the recorded operations as JSON, to say later what was changed */
  readonly operations: string;
}

/** Session locks by try-and-poll: a blocking one deadlocks with CREATE INDEX CONCURRENTLY. `name` is the journal's qualified name. */
export interface LockSql {
  /** one row, one column: 1 when the lock was had */
  tryAcquire(name: string): string;
  /** the same until the end of the open transaction, where the engine can: for whoever does not end it himself */
  tryAcquireUntilCommit?(name: string): string;
  release(name: string): string;
  /** one statement for a script: fails at once when the lock is not had */
  acquireOrFail(name: string): readonly string[];
  /** who holds it: rows of pid, user, state, since, query */
  holder(name: string): string;
}

/** The places that a transaction needs for its locks; without enough of them the server takes no more statements. */
export interface LockTable {
  /** one row, one column: how many a transaction may take now */
  readonly room: string;
  /** how many an operation takes, rather too many than too few */
  places(operation: Operation): number;
}

/** Along a table, once, from one place to the next: a row is met once, also by a run that goes on where another was killed. */
export interface Walk {
  /** how many rows are still to be changed, in the whole table */
  left(): Promise<number>;
  /** one batch in the caller's transaction, after that place; `at` is where it ended, null at the end of the table */
  step(after: string | null, size: number): Promise<{ readonly changed: number; readonly at: string | null }>;
}

/** What the server knows of a session that is at work, by the session's id. It answers at once, whatever that session waits for. */
export interface Watch {
  blockers(db: Db, session: string): Promise<readonly Blocker[]>;
  /** who keeps others even from reading a table; asked by one that has waited in vain. null: the server does not say */
  holders(db: Db): Promise<readonly Blocker[] | null>;
  /** null: the server tells nothing about this statement */
  progress(db: Db, session: string): Promise<ServerProgress | null>;
}

/** A session that holds what another waits for. */
export interface Blocker {
  readonly pid: string;
  readonly user: string;
  readonly state: string;
  /** since when its transaction, or its statement, is open */
  readonly seconds: number | null;
  readonly query: string;
  /** the server does not say who holds it: this one may */
  readonly likely?: true;
}

/** How far a statement is; null where the server does not know how much there is. */
export interface ServerProgress {
  readonly phase: string;
  readonly done: number | null;
  readonly total: number | null;
}

/** What only a script needs: nobody reads an answer there, so that it must stop by itself. Statements without their semicolon. */
export interface ScriptSql {
  /** before anything else, for the client that runs it */
  readonly opening: readonly string[];
  /** likewise, where the script has carriage returns, which only stand in names */
  readonly withReturns: readonly string[];
  readonly begin: string;
  /** asks all and, when one finds something, stops with everything that was found */
  stopWhen(title: string, hint: string, guards: readonly Guard[]): readonly string[];
  /** again and again, each time committed, until no row is changed */
  loop(sql: string): readonly string[];
}

export interface Guard {
  /** one row: `count`, and perhaps `samples` */
  readonly sql: string;
  /** what is wrong when the count is not zero */
  readonly message: string;
  /** whether the count itself says something */
  readonly counts: boolean;
  /** it is asked only when they are there */
  readonly tables: Precheck["tables"];
}

export interface SessionOptions {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}
