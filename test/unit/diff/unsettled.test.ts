import { describe, expect, it } from "vitest";
import type { Op } from "../../../src/core/op.ts";
import { record } from "../../../src/core/record.ts";
import { sql } from "../../../src/core/sql.ts";
import { withoutUnsettled } from "../../../src/diff/unsettled.ts";

const settle = (body: (op: Op) => void) => withoutUnsettled(record(body).operations);
const whats = (body: (op: Op) => void) => settle(body).doubts.map(({ what }) => what);

describe("a difference that was made without a server", () => {
  it("leaves open what differs in the text of an expression only", () => {
    const found = settle((op) => {
      op.dropCheck("items", { name: "positive", expression: sql`(price > (0)::numeric)` });
      op.addCheck("items", { name: "positive", expression: sql`price > 0` });
      op.addColumn("items", { name: "born", type: "date" });
    });
    expect(found.operations.map(({ kind }) => kind)).toEqual(["addColumn"]);
    expect(found.doubts).toEqual([{ what: "check positive of items", from: "(price > (0)::numeric)", to: "price > 0" }]);
  });

  it("of an index, an exclusion, a view, a default, a generated column alike", () => {
    expect(
      whats((op) => {
        op.dropIndex("items", { name: "i", columns: ["a"], where: sql`(a IS NOT NULL)` });
        op.addIndex("items", { name: "i", columns: ["a"], where: sql`a IS NOT NULL` });
        op.dropExclusion("items", { name: "x", expression: sql`USING gist (a WITH =)` });
        op.addExclusion("items", { name: "x", expression: sql`using gist (a with =)` });
        op.alterView("dear", { from: { definition: sql`SELECT a` }, to: { definition: sql`select a` } });
        op.alterColumn("items", "at", { type: "timestamp", default: { from: sql`now()`, to: sql`CURRENT_TIMESTAMP` } });
        op.alterColumn("items", "loud", {
          type: "text",
          generated: { from: { expression: sql`upper(a)`, stored: true }, to: { expression: sql`upper((a)::text)`, stored: true } },
        });
      }),
    ).toEqual(["index i of items", "exclusion x of items", "view dear", "default of items.at", "expression of items.loud"]);
  });

  it("keeps what is sure: literals, other columns, what stands there only on one side", () => {
    const sure = [
      (op: Op) => op.alterColumn("items", "a", { type: "text", default: { from: sql`'en'`, to: sql`'de'` } }),
      (op: Op) => op.alterColumn("items", "a", { type: "text", default: { from: null, to: sql`now()` } }),
      (op: Op) => {
        op.dropIndex("items", { name: "i", columns: ["a"], where: sql`(a > 1)` });
        op.addIndex("items", { name: "i", columns: ["a", "b"], where: sql`a > 1` });
      },
      (op: Op) => {
        op.dropCheck("items", { name: "c", expression: sql`a > 1` });
        op.alterColumn("items", "a", { type: { from: "int", to: "bigint" } });
        op.addCheck("items", { name: "c", expression: sql`a > 1` });
      },
    ];
    for (const body of sure) expect(settle(body)).toEqual({ operations: record(body).operations, doubts: [] });
  });

  it("keeps the sure part of a column's change", () => {
    const { operations } = settle((op) =>
      op.alterColumn("items", "a", { type: { from: "int", to: "bigint" }, default: { from: sql`f()`, to: sql`(f())` } }),
    );
    expect(operations).toMatchObject([{ kind: "alterColumn", from: { default: "f()" }, to: { type: "bigint", default: "f()" } }]);
  });
});
