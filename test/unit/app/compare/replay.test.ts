import { describe, expect, it } from "vitest";
import { everKnown } from "../../../../src/app/compare/ever-known.ts";
import { advanced, type Replayed, replay } from "../../../../src/app/compare/replay.ts";
import type { Operation } from "../../../../src/core/operation.ts";
import type { Index, Table, View } from "../../../../src/core/schema.ts";
import { emptySchema } from "../../../../src/core/schema.ts";
import { schema, table } from "../../diff/build.ts";

const items = table("items", ["id integer", "name text"]);
const view = (more: Partial<View> = {}): View => ({ name: "theirs", definition: "SELECT id FROM items", indexes: [], ...more });
const index = (name: string): Index => ({ name, columns: ["id"] });
const dropView = (definition: View): Operation => ({ kind: "dropView", view: definition.name, definition });
const createView = (definition: View): Operation => ({ kind: "createView", view: definition.name, definition });
const after = (had: readonly Table[], views: readonly View[], operations: readonly Operation[]) =>
  advanced(schema([...had], { views: [...views] }), operations, "postgres");

describe("what a revision puts out of the way and back", () => {
  it("is not the history's when no revision made it, and no riddle either", () => {
    const reads = [{ name: "items", columns: ["id", "name"] }];
    const { schema: now, opaque } = after([items], [], [dropView(view({ reads })), createView(view({ reads: [{ name: "items" }] }))]);
    expect(now.views).toEqual([]);
    expect(opaque).toEqual([]);
  });

  it("is not when it stands on a table that no revision made", () => {
    const foreignKey = { name: "fk", columns: ["item"], references: { table: "items", columns: ["id"] } };
    const { schema: now, opaque } = after(
      [items],
      [],
      [
        { kind: "dropForeignKey", table: "orders", foreignKey },
        { kind: "addForeignKey", table: "orders", foreignKey },
      ],
    );
    expect([now.tables, opaque]).toEqual([[items], []]);
  });

  it("is not when it is an index on a materialised view of ours", () => {
    const ours = view({ materialized: true, indexes: [index("ours")] });
    const both = { ...ours, indexes: [index("hand"), index("ours")] };
    expect(after([items], [ours], [dropView(both), createView(both)]).schema.views).toEqual([ours]);
    const altered: Operation = { kind: "alterView", view: "theirs", from: both, to: { ...both, comment: "c" } };
    expect(after([items], [ours], [altered]).schema.views).toEqual([{ ...ours, comment: "c" }]);
  });

  it("is when it comes back as another one", () => {
    const { schema: now, opaque } = after([items], [], [dropView(view()), createView(view({ definition: "SELECT name FROM items" }))]);
    expect(now.views).toEqual([view({ definition: "SELECT name FROM items" })]);
    expect(opaque).toHaveLength(1);
  });

  it("is named when it does not come back", () => {
    expect(advanced(emptySchema, [dropView(view())], "postgres").opaque).toEqual([expect.stringContaining("theirs")]);
  });
});

describe("the replay of a long history", () => {
  /** how often the names of tables are looked at, which is what every search through them does */
  const looks = (revisions: number, read: (history: readonly Replayed[]) => unknown): number => {
    let count = 0;
    const counted = (name: string): Table =>
      Object.defineProperty(table(name, ["id integer"]), "name", {
        enumerable: true,
        get: () => {
          count++;
          return name;
        },
      });
    const history = Array.from({ length: revisions }, (_, i): Replayed => {
      const name = `t${i}`;
      return {
        id: `r${i}`,
        upgrade: {
          operations: [
            { kind: "createTable", table: name, definition: counted(name) },
            { kind: "createEnum", definition: { name: `e${i}`, values: ["a"] } },
          ],
        },
      };
    });
    read(history);
    return count;
  };

  it.each([
    ["the schema", (history: readonly Replayed[]) => replay(history, "postgres")],
    [
      "all that was ever there",
      (history: readonly Replayed[]) => everKnown(history, { flavor: "postgres", version: [18], defaultSchema: "public", database: "d" }),
    ],
  ])("looks at each table as often when there are ten times as many: %s", (_, read) => {
    expect(looks(1000, read)).toBeLessThanOrEqual(10 * looks(100, read));
  });

  it("knows what stands in revisions after each other, whatever became of it", () => {
    const history: readonly Replayed[] = [
      { id: "r1", upgrade: { operations: [{ kind: "createTable", table: "items", definition: items }] } },
      { id: "r2", upgrade: { operations: [{ kind: "dropColumn", table: "items", column: { name: "name", type: "text" } }] } },
      { id: "r3", upgrade: { operations: [{ kind: "renameTable", from: "items", to: "things" }] } },
    ];
    const { tables } = everKnown(history, { flavor: "postgres", version: [18], defaultSchema: "public", database: "d" });
    expect(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([
      ["items", ["name", "id"]],
      ["things", ["id"]],
    ]);
  });
});
