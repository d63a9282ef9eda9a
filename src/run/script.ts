import { refused } from "../core/errors.ts";
import { labelOf, type QualifiedName } from "../core/schema.ts";
import type { Statement } from "../core/statement.ts";
import { version } from "../core/version.ts";
import type { CompileContext, Dialect } from "../dialect/dialect.ts";
import type { Sink } from "./sink.ts";

export interface ScriptOptions {
  readonly dialect: Dialect;
  readonly context: CompileContext;
  readonly journal: QualifiedName;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** leave out steps that are written in code, and say so */
  readonly skipCode: boolean;
}

export interface ScriptSink extends Sink {
  text(): string;
}

/** Writes what a live run would send, as a script that stops at the first error. */
export function scriptSink(options: ScriptOptions): ScriptSink {
  const parts = [opening(options)];
  const { dialect } = options;
  const postgres = dialect.name === "postgres";
  const write = async (sql: string): Promise<void> => {
    parts.push(`${ended(sql)}\n`);
  };
  return {
    session: null,
    async announce({ id, direction, record, statements }) {
      const count = `${statements.length} ${statements.length === 1 ? "statement" : "statements"}`;
      parts.push(`\n-- ${direction} ${oneLine(id)}: ${oneLine(record.message)} (${count})\n`);
    },
    begin: () => write(postgres ? "BEGIN" : "START TRANSACTION"),
    commit: () => write("COMMIT"),
    rollback: async () => {},
    journal: write,
    async statement(statement, step) {
      if (statement.code !== undefined) {
        if (!options.skipCode) throw codeInScript(step.id, statement.sql);
        parts.push(`-- left out, a step written in code: ${oneLine(statement.sql.replace(/^--\s*/, ""))}\n`);
      } else if (statement.batches) {
        parts.push(postgres ? postgresLoop(statement) : mysqlLoop(statement));
      } else await write(statement.sql);
    },
    text: () => `${parts.join("")}\n${ended(dialect.lock.release(labelOf(options.journal)))}\n`,
  };
}

function opening({ dialect, journal, lockTimeoutMs, statementTimeoutMs }: ScriptOptions): string {
  const postgres = dialect.name === "postgres";
  const lines = [
    `-- limbeck ${version}`,
    postgres ? "-- for psql" : "-- for mysql or mariadb, without --force",
    ...(postgres ? ["\\set ON_ERROR_STOP on", "\\set AUTOCOMMIT on"] : []),
    ...dialect.session({ lockTimeoutMs, statementTimeoutMs }).map(ended),
    "",
    ...dialect.journal(journal).create.map(ended),
    ...dialect.lock.acquireOrFail(labelOf(journal)).map(ended),
  ];
  return `${lines.join("\n")}\n`;
}

function postgresLoop({ sql }: Statement): string {
  let tag = "$batch$";
  for (let i = 1; sql.includes(tag); i++) tag = `$batch${i}$`;
  return `DO ${tag}
DECLARE changed bigint;
BEGIN
  LOOP
    ${sql};
    GET DIAGNOSTICS changed = ROW_COUNT;
    COMMIT;
    EXIT WHEN changed = 0;
  END LOOP;
END
${tag};
`;
}

function mysqlLoop({ sql }: Statement): string {
  return `DROP PROCEDURE IF EXISTS limbeck_batches;
DELIMITER //
CREATE PROCEDURE limbeck_batches()
BEGIN
  REPEAT
    ${sql};
    SET @limbeck_changed = ROW_COUNT();
    COMMIT;
  UNTIL @limbeck_changed = 0 END REPEAT;
END //
DELIMITER ;
CALL limbeck_batches();
DROP PROCEDURE limbeck_batches;
`;
}

function codeInScript(id: string, title: string) {
  return refused(
    "code-in-script",
    `Revision ${id} has a step written in code (${oneLine(title.replace(/^--\s*/, ""))}): it runs in Node, so no script can hold it.`,
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

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
