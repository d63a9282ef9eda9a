import { describe, expect, it } from "vitest";
import { transactionWord } from "../../../../src/dialect/postgres/transaction.ts";

describe("SQL that begins or ends a transaction", () => {
  it.each([
    ["COMMIT", "COMMIT"],
    ["UPDATE a SET b = 1; commit;", "COMMIT"],
    ["/* first */ BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1", "BEGIN ISOLATION LEVEL"],
    ["start transaction", "START TRANSACTION"],
    ["SELECT 1; ROLLBACK", "ROLLBACK"],
    ["END TRANSACTION", "END TRANSACTION"],
    ["PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION 'X'"],
  ])("%s", (sql, word) => {
    expect(transactionWord(sql)).toBe(word);
  });

  it.each([
    "ROLLBACK TO SAVEPOINT here",
    "ROLLBACK WORK TO here; SAVEPOINT there",
    "DO $$ BEGIN PERFORM 1; COMMIT; END $$",
    "INSERT INTO notes VALUES ('first; COMMIT')",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
    'CREATE TABLE "commit" (begin_at date); -- COMMIT',
    "PREPARE plan AS SELECT 1",
  ])("not %s", (sql) => {
    expect(transactionWord(sql)).toBeNull();
  });
});
