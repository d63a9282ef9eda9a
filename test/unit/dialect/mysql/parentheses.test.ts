import { describe, expect, it } from "vitest";
import { normalizeExpression } from "../../../../src/dialect/mysql/expressions.ts";

describe("parentheses that change nothing", () => {
  it.each([
    ["((a > 0) and (b < 5))", "a > 0 and b < 5"],
    ["((a > 0) and ((b < 5) or (c is null)))", "a > 0 and (b < 5 or c is null)"],
    ["(a or (b and c))", "a or b and c"],
    ["((a and b) and (c and d))", "a and b and c and d"],
    ["((a + b) * 2)", "(a + b) * 2"],
    ["(a + (b * 2))", "a + b * 2"],
    ["((a - b) - c)", "a - b - c"],
    ["(a - (b - c))", "a - (b - c)"],
    ["((a + 1) - b) * c", "(a + 1 - b) * c"],
    ["((a in (1)) - b) % c", "((a in (1)) - b) % c"],
    ["(a / (b * c))", "a / (b * c)"],
    ["a - (-1)", "a - -1"],
    ["-(a + b)", "-(a + b)"],
    ["((a)) = ((1))", "a = 1"],
    ["(a = b) in (1)", "(a = b) in (1)"],
    ["a = (b = c)", "a = (b = c)"],
    ["lower((a))", "lower(a)"],
    ["concat((a + 1), (b))", "concat(a + 1,b)"],
    ["a in ((1), (2))", "a in (1,2)"],
    ["a in (1)", "a in (1)"],
    ["(a in (1,2)) and (b = 1)", "a in (1,2) and b = 1"],
    ["lower(a) = ('(')", "lower(a) = '('"],
    ["(a like (b + c))", "a like (b + c)"],
    ["((a + b) like ('x%'))", "a + b like 'x%'"],
  ])("%s is %s", (said, spelled) => {
    expect(normalizeExpression(said)).toBe(spelled);
    expect(normalizeExpression(spelled)).toBe(spelled);
  });

  it.each([
    "not (a and b)",
    "(a between 1 and 2) and b",
    "a = 1 and (not b)",
    "(case when a then 1 end) = 1",
    "(a || b) = c",
    "a + (interval 1 day)",
  ])("where it is hard to tell they stay: %s", (said) => {
    expect(normalizeExpression(said)).toBe(said);
  });
});
