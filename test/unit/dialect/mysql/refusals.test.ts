import { describe, expect, it } from "vitest";
import type { Operation } from "../../../../src/core/operation.ts";
import { compile } from "../../../../src/dialect/mysql/compile/index.ts";
import { assume } from "../../../../src/dialect/mysql/identify.ts";

const index = { name: "i", columns: [{ expression: "lower(`a`)" }] };
const exclusion = { name: "x", expression: "USING gist (a WITH =)" };
const sqlOf = (operation: Operation, flavor: "mysql" | "mariadb" = "mariadb") =>
  compile([operation], { server: assume(flavor, "app") }).map(({ sql }) => sql);

describe("what MySQL or MariaDB cannot do", () => {
  it.each<Operation>([
    { kind: "createExtension", name: "citext" },
    { kind: "createEnum", definition: { name: "mood", values: ["ok"] } },
    { kind: "addExclusion", table: "t", exclusion },
  ])("is refused with the way to keep it for PostgreSQL: $kind", (operation) => {
    expect(() => sqlOf(operation)).toThrow(
      expect.objectContaining({ code: "only-postgres", hint: expect.stringContaining('op.on("postgres"') }),
    );
  });

  it("an index on an expression: MySQL has it, MariaDB is told of the generated column", () => {
    const add: Operation = { kind: "addIndex", table: "t", index };
    expect(sqlOf(add, "mysql").join()).toContain("(lower(`a`))");
    expect(() => sqlOf(add)).toThrow(
      expect.objectContaining({ code: "expression-index", hint: expect.stringContaining("generated column") }),
    );
  });

  it("a constraint under another name, when nobody says what it is", () => {
    const rename: Operation = { kind: "renameConstraint", table: "t", from: "c", to: "d" };
    expect(() => sqlOf(rename)).toThrow(
      expect.objectContaining({ code: "rename-constraint", hint: expect.stringContaining("op.renameIndex") }),
    );
    expect(sqlOf({ ...rename, check: { name: "c", expression: "a > 0" } }).join()).toContain("ADD CONSTRAINT `d` CHECK (a > 0)");
  });
});
