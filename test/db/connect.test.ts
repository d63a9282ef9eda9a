import { describe, expect, it } from "vitest";
import { engines, useDatabase } from "../support/databases.ts";

describe.each(engines)("a session with %s", (engine) => {
  const database = useDatabase(engine);

  it("gives every value as the text that the server writes", async () => {
    expect(await database.db.query("SELECT 1 AS one, NULL AS nothing")).toEqual([{ one: "1", nothing: null }]);
  });

  it("runs several statements in one round trip, rows as arrays", async () => {
    expect(await database.db.batch(["SELECT 1, 2", "SELECT 'a'"])).toEqual([[["1", "2"]], [["a"]]]);
    expect(await database.db.batch(["SELECT 3"])).toEqual([[["3"]]]);
  });

  it("knows its own id on the server", () => {
    expect(database.db.session).toMatch(/^\d+$/);
  });
});
