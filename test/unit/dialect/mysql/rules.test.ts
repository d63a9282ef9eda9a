import { describe, expect, it } from "vitest";
import { conversion, rules } from "../../../../src/dialect/mysql/rules.ts";

const kindOf = (from: string, to: string): string => conversion({ name: "c", type: from }, { name: "c", type: to }).kind;

describe("what becomes of the values when a type changes", () => {
  it.each([
    ["int", "int", "none"],
    ["int", "bigint unsigned", "assign"],
    ["decimal(10,2)", "int", "assign"],
    ["varchar(20)", "int", "assign"],
    ["int", "varchar(20)", "assign"],
    ["text", "json", "assign"],
    ["json", "longtext", "assign"],
    ["enum('a')", "enum('a','b')", "assign"],
    ["varchar(20)", "enum('a')", "assign"],
    ["datetime", "date", "assign"],
    ["varchar(36)", "uuid", "assign"],
    ["int", "datetime", "ask"],
    ["datetime", "int", "ask"],
    ["int", "enum('a')", "ask"],
    ["blob", "text", "ask"],
    ["geometry", "point", "ask"],
    ["point", "geometry", "assign"],
    ["point", "varchar(50)", "ask"],
    ["uuid", "binary(16)", "ask"],
  ])("%s to %s: %s", (from, to, kind) => {
    expect(kindOf(from, to)).toBe(kind);
  });

  it("gives an expression to start from where the values would be taken for something else", () => {
    expect(conversion({ name: "made at", type: "int" }, { name: "made at", type: "datetime" })).toEqual({
      kind: "ask",
      because: "a number is read as the digits of a date, not as seconds",
      guess: "FROM_UNIXTIME(`made at`)",
    });
  });

  it("counts a name's characters, not its bytes", () => {
    expect(rules.fitsIdentifier("é".repeat(64))).toBe(true);
    expect(rules.fitsIdentifier("é".repeat(65))).toBe(false);
  });
});
