import { describe, expect, it } from "vitest";
import type { Statement } from "../../../src/core/statement.ts";
import { batchesOf } from "../../../src/run/batches.ts";

const statement = (sql: string, more: Partial<Statement> = {}): Statement => ({
  sql,
  operations: [],
  transactional: true,
  hazards: [],
  ...more,
});
const mixed = [
  statement("a"),
  statement("b"),
  statement("C", { transactional: false }),
  statement("D", { transactional: false }),
  statement("e"),
  statement("F", { batches: { table: { name: "t" }, set: "", where: "", settles: false, size: 1 } }),
];
const shown = (...args: Parameters<typeof batchesOf>) =>
  batchesOf(...args).map(
    ({ transactional, first, statements }) => `${first}${transactional ? "t" : "-"}${statements.map(({ sql }) => sql).join("")}`,
  );

describe("statements", () => {
  it("share a transaction as far as they go, and stand alone where they commit by themselves", () => {
    expect(shown(mixed, "each")).toEqual(["0tab", "2-C", "3-D", "4te", "5-F"]);
  });

  it("all stand alone without transactions", () => {
    expect(shown(mixed.slice(0, 3), "none")).toEqual(["0-a", "1-b", "2-C"]);
  });

  it("are grouped from where an earlier run stopped, by their old places", () => {
    expect(shown(mixed, "each", 3)).toEqual(["3-D", "4te", "5-F"]);
    expect(shown([], "all")).toEqual([]);
  });
});
