import { expect, it } from "vitest";
import type { Operation } from "../../../src/core/operation.ts";
import { resolve } from "../../../src/diff/resolve.ts";

it("keeps a primary key without a name whose two columns are both renamed", () => {
  const column = (name: string) => ({ name, type: "int" });
  const operations: readonly Operation[] = [
    { kind: "dropPrimaryKey", table: "t", primaryKey: { columns: ["a", "b"] } },
    { kind: "addColumn", table: "t", column: column("x") },
    { kind: "addColumn", table: "t", column: column("y") },
    { kind: "dropColumn", table: "t", column: column("a") },
    { kind: "dropColumn", table: "t", column: column("b") },
    { kind: "addPrimaryKey", table: "t", primaryKey: { columns: ["x", "y"] } },
  ];
  const renames = [
    { table: "t", from: "a", to: "x" },
    { table: "t", from: "b", to: "y" },
  ];
  expect(resolve(operations, [], { renames }).operations).toEqual([
    { kind: "renameColumn", table: "t", from: "a", to: "x" },
    { kind: "renameColumn", table: "t", from: "b", to: "y" },
  ]);
});
