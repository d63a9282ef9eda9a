import { describe, expect, it } from "vitest";
import type { Operation } from "../../../src/core/operation.ts";
import { fold } from "../../../src/core/operations/index.ts";
import { emptySchema, type Table } from "../../../src/core/schema.ts";
import { diff } from "../../../src/diff/diff.ts";
import { squashed } from "../../../src/diff/squash.ts";
import { strictRules } from "./build.ts";

const none = { uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
const table = (name: string, ...columns: Table["columns"]): Table => ({ name, columns, ...none });
const id = { name: "id", type: "integer" };
const text = (name: string) => ({ name, type: "text", nullable: true as const });
const create = (definition: Table): Operation => ({ kind: "createTable", table: definition.name, definition });
const drop = (definition: Table): Operation => ({ kind: "dropTable", table: definition.name, definition });
const step: Operation = { kind: "execute", sql: "UPDATE a SET x = 1" };

const kinds = (operations: readonly Operation[], start = emptySchema) => {
  const result = squashed(start, operations, { rules: strictRules, flavor: "postgres" });
  const goal = fold(start, operations, "postgres");
  const reached = fold(start, result.operations, "postgres");
  expect(diff(reached, goal, { rules: strictRules, known: reached, names: true }).operations).toEqual([]);
  return result.operations.map(({ kind }) => kind);
};

describe("several operations become fewer that do the same", () => {
  it("what is made and changed is made as it is at the end", () => {
    const rename: Operation = { kind: "renameColumn", table: "a", from: "x", to: "y" };
    expect(kinds([create(table("a", id)), { kind: "addColumn", table: "a", column: text("x") }, rename])).toEqual(["createTable"]);
  });

  it("what is made and dropped never was", () => {
    expect(kinds([create(table("a", id)), drop(table("a", id))])).toEqual([]);
  });

  it("a column that is added and then altered is added as it is at the end", () => {
    const start = fold(emptySchema, [create(table("a", id))], "postgres");
    const alter: Operation = { kind: "alterColumn", table: "a", from: text("x"), to: { ...text("x"), type: "varchar(9)" } };
    expect(kinds([{ kind: "addColumn", table: "a", column: text("x") }, alter], start)).toEqual(["addColumn"]);
  });
});

describe("what rows depend on stays as it is", () => {
  const start = fold(emptySchema, [create(table("a", id, text("x")))], "postgres");
  const dropX: Operation = { kind: "dropColumn", table: "a", column: text("x") };
  const addX: Operation = { kind: "addColumn", table: "a", column: text("x") };

  it("a column that goes and comes again has lost its values", () => {
    expect(kinds([dropX, addX], start)).toEqual(["dropColumn", "addColumn"]);
  });

  it("what no revision has made goes all the same where a database has it", () => {
    const gone: readonly Operation[] = [
      { kind: "dropColumn", table: "a", column: text("old"), ifExists: true },
      { kind: "dropIndex", table: "a", index: { name: "dba", columns: ["x"] }, ifExists: true },
      { kind: "dropTable", table: "b", definition: table("b", id), ifExists: true },
    ];
    expect(kinds([create(table("a", id)), { kind: "addColumn", table: "a", column: text("x") }, ...gone])).toEqual([
      "createTable",
      "dropColumn",
      "dropIndex",
      "dropTable",
    ]);
    expect(kinds([create(table("b", id)), ...gone.slice(2)])).toEqual([]);
  });

  it("what reads a column that gets another name reads it by that", () => {
    const made = { ...table("b", id, text("x")), checks: [{ name: "k", expression: "x <> 'x'" }] };
    const rename: Operation = { kind: "renameColumn", table: "b", from: "x", to: "y" };
    const { operations } = squashed(emptySchema, [create(made), rename], { rules: strictRules, flavor: "postgres" });
    const checks = [{ name: "k", expression: "\"y\" <> 'x'" }];
    expect(operations).toEqual([create({ ...table("b", id, text("y")), checks })]);
  });

  it("a rename of what has rows stays a rename", () => {
    expect(kinds([{ kind: "renameColumn", table: "a", from: "x", to: "y" }], start)).toEqual(["renameColumn"]);
  });

  it("a change of type goes by way of each type, and a default that rows have taken stays", () => {
    const to = (type: string): Operation => ({ kind: "alterColumn", table: "a", from: text("x"), to: { ...text("x"), type } });
    const back: Operation = { kind: "alterColumn", table: "a", from: { ...text("x"), type: "date" }, to: text("x") };
    expect(kinds([to("date"), back], start)).toEqual(["alterColumn", "alterColumn"]);
    const withDefault = { ...text("n"), default: "'1'" };
    const other: Operation = { kind: "alterColumn", table: "a", from: withDefault, to: { ...text("n"), default: "'2'" } };
    expect(kinds([{ kind: "addColumn", table: "a", column: withDefault }, other], start)).toEqual(["addColumn", "alterColumn"]);
  });

  it("a step on rows finds the tables as it found them, and keeps its place", () => {
    const later: Operation = { kind: "addColumn", table: "b", column: text("y") };
    expect(kinds([create(table("b", id)), step, later], start)).toEqual(["createTable", "execute", "addColumn"]);
  });

  it("what becomes of rows does not matter where their table goes before anybody looks", () => {
    const rename: Operation = { kind: "renameColumn", table: "a", from: "x", to: "y" };
    const gone = drop(table("a", id, text("y")));
    expect(kinds([rename, gone], start)).toEqual(["dropTable"]);
    expect(kinds([rename, step, gone], start)).toEqual(["renameColumn", "execute", "dropTable"]);
  });
});
