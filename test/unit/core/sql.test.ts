import { describe, expect, it } from "vitest";
import { isSql, sql } from "../../../src/core/sql.ts";

describe("sql`…`", () => {
  it("takes numbers and other SQL", () => {
    expect(sql`a = ${1} AND ${sql`b > ${-2.5}`}`).toEqual({ sql: "a = 1 AND b > -2.5" });
    expect(sql``).toEqual({ sql: "" });
    expect(isSql(sql`x`)).toBe(true);
  });

  it.each([["a text"], [undefined], [null], [{}], [Number.NaN], [true]])("does not take %o", (value) => {
    expect(() => sql`a = ${value as never}`).toThrow("Only numbers and other sql values");
  });

  it("is no function for texts", () => {
    expect(() => (sql as unknown as (text: string) => unknown)("now()")).toThrow("before a template");
  });

  it("does not read a broken escape as nothing", () => {
    expect(() => sql`\u`).toThrow("backslash");
  });
});
