import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Revision } from "../../src/core/revision.ts";
import type { Dialect } from "../../src/dialect/dialect.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { readJournal } from "../../src/run/journal.ts";
import type { LiveOptions } from "../../src/run/options.ts";
import { run } from "../../src/run/run.ts";
import { stepOf } from "../../src/run/step.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { optionsFor } from "./dialects.ts";

/** the usual run has a server that is said to have less room */
const whole = process.env.FAULTS === "all";
const tables = whole ? 2000 : 100;
const places = "SELECT 600 AS room";
const dialect: Dialect =
  whole || postgres.lockTable === undefined ? postgres : { ...postgres, lockTable: { ...postgres.lockTable, room: places } };

/** More than the usual server's lock table holds in one transaction. */
const large: Revision = {
  id: "large",
  parents: [],
  dependsOn: [],
  labels: [],
  message: "",
  createdAt: "",
  review: [],
  replaces: [],
  upgrade: { operations: Array.from({ length: tables }, (_, i) => create(`t${i}`)), code: [] },
  downgrade: { operations: [], code: [] },
};

function create(name: string): Operation {
  const columns = [
    { name: "id", type: "integer" },
    { name: "word", type: "text" },
  ];
  const rest = { uniques: [], indexes: [{ name: `${name}_word`, columns: ["word"] }], foreignKeys: [], checks: [], exclusions: [] };
  return { kind: "createTable", table: name, definition: { name, columns, primaryKey: { name: `${name}_pk`, columns: ["id"] }, ...rest } };
}

describe.runIf(engines.includes("postgres"))(`a revision of ${tables} tables`, () => {
  const database = useDatabase("postgres");
  const upgrade = async (more: Partial<LiveOptions> = {}) => {
    const options = { ...optionsFor("postgres"), dialect, context: { server: await postgres.identify(database.db) }, ...more };
    return run(database.db, options, async ({ applied }) => (applied.has("large") ? [] : [stepOf(large, "upgrade", "sum", "hash")]));
  };
  const made = async () =>
    Number((await database.db.query("SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^t'"))[0]?.n);

  it.runIf(whole)("is more than one transaction can lock on this server", async () => {
    const [row] = await database.db.query(
      "SELECT current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int) AS places",
    );
    expect(Number(row?.places)).toBeLessThan(tables * 6);
  });

  it("is refused as part of one transaction, before anything is sent", async () => {
    await expect(upgrade({ transaction: "all" })).rejects.toMatchObject({ outcome: "refused", code: "too-many-locks" });
    expect(await made()).toBe(0);
  });

  it("is cut into transactions that fit; one that is stopped goes on with the next", async () => {
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === "statement" && event.index === tables - 10) controller.abort();
    };
    await expect(upgrade({ onEvent, signal: controller.signal })).rejects.toMatchObject({ outcome: "interrupted" });
    const { interrupted } = await readJournal(database.db, postgres.journal({ name: "limbeck_revision" }));
    expect(interrupted).toMatchObject({ id: "large", direction: "upgrade" });
    expect(interrupted?.done).toBeGreaterThan(0);
    expect(interrupted?.done).toBeLessThan(tables - 9);
    await upgrade();
    expect(await made()).toBe(tables);
    expect((await readJournal(database.db, postgres.journal({ name: "limbeck_revision" }))).interrupted).toBeNull();
  }, 300_000);
});
