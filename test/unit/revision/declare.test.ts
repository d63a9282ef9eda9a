import { describe, expect, it } from "vitest";
import { type Declaration, revision, sql } from "../../../src/index.ts";
import { declared } from "../../../src/revision/declare.ts";

const said: Declaration = {
  id: "504e237d4188",
  parents: ["7b40e9699400"],
  message: "exams",
  createdAt: "2026-11-21T04:10:00Z",
  upgrade(op) {
    op.addColumn("exams", { name: "title", type: "text" });
    op.addIndex("exams", { name: "ix", columns: ["title"] });
  },
};
const read = (declaration: Declaration) => declared({ default: revision(declaration) });

describe("what a revision file exports", () => {
  it("is a revision with its operations recorded", () => {
    expect(read(said)).toMatchObject({ id: "504e237d4188", dependsOn: [], labels: [], replaces: [], review: [] });
    expect(read(said)?.upgrade.operations.map(({ kind }) => kind)).toEqual(["addColumn", "addIndex"]);
  });

  it("has the reverse of its upgrade as its downgrade, where it says none", () => {
    expect(read(said)?.downgrade.operations.map(({ kind }) => kind)).toEqual(["dropIndex", "dropColumn"]);
    expect(read({ ...said, downgrade() {} })?.downgrade.operations).toEqual([]);
  });

  it("has no way back where it says none and there is none by itself", () => {
    const oneWay = { ...said, upgrade: (op) => op.execute(sql`TRUNCATE exams`) } satisfies Declaration;
    expect(read(oneWay)?.upgrade.operations).toHaveLength(1);
    expect(() => read(oneWay)?.downgrade).toThrow(
      "Revision 504e237d4188 has no downgrade, and its op.execute can't be taken back by itself.",
    );
  });

  it("keeps the functions of its steps in code", async () => {
    const steps: string[] = [];
    const found = read({
      ...said,
      upgrade(op) {
        op.run("first", async () => void steps.push("first"));
        op.on("postgres", (op) => op.run("second", async () => void steps.push("second")));
      },
      downgrade() {},
    });
    for (const step of found?.upgrade.code ?? []) await step({ query: async () => [], manager: async () => null, x: {} });
    expect(steps).toEqual(["first", "second"]);
    expect(found?.upgrade.operations).toEqual([
      { kind: "run", title: "first", code: 0 },
      { kind: "on", dialect: "postgres", operations: [{ kind: "run", title: "second", code: 1 }] },
    ]);
  });

  it("runs nothing before it is asked for", () => {
    let asked = 0;
    const lazy = revision({ ...said, upgrade: () => void asked++ });
    expect(asked).toBe(0);
    declared({ default: lazy });
    declared({ default: lazy });
    expect(asked).toBe(1);
  });

  it("is known wherever a compiler puts it, and whatever copy of the package made it", () => {
    const made = revision(said);
    const other = Object.assign(class {}, { [Symbol.for("limbeck.revision")]: () => read(said) });
    for (const module of [{ default: made }, { default: { default: made } }, { exams: made }, { default: other }]) {
      expect(declared(module)?.id).toBe("504e237d4188");
    }
    for (const module of [{}, { default: null }, { default: class {} }, { a: 1, b: "x" }]) expect(declared(module)).toBeNull();
  });

  it("is a class that TypeORM takes for a migration: its name ends in the moment of its making", () => {
    const Migration = revision(said);
    expect(new Migration().name).toBe("504e237d4188_1795234200000");
    expect(Number.parseInt(new Migration().name.slice(-13), 10)).toBe(Date.parse("2026-11-21T04:10:00Z"));
    // with one of its own TypeORM refuses to run it among others in a transaction
    expect("transaction" in new Migration()).toBe(false);
  });

  it.each([
    [{ id: "" }, "needs an id"],
    [{ parents: "7b40" }, "needs parents"],
    [{ message: undefined }, "needs a message"],
    [{ upgrade: undefined }, "needs upgrade(op)"],
  ])("is refused with %o", (wrong, message) => {
    expect(() => revision({ ...said, ...wrong } as Declaration)).toThrow(message);
  });
});
