import { describe, expect, it } from "vitest";
import type { Flavor } from "../../../../src/core/operation.ts";
import { renamedIn } from "../../../../src/core/operations/expressions.ts";

describe("a column's new name in an expression", () => {
  it.each<readonly [string, Flavor, string, string, string]>([
    ["a bare name and one in quotes", "postgres", "a", `A > 0 AND "a" > 0`, `"new" > 0 AND "new" > 0`],
    ["on MariaDB and MySQL in any case", "mariadb", "a", "A > 0 and `a` > 0", "`new` > 0 and `new` > 0"],
    ["no other name, no function's", "postgres", "a", `ab > a(1) AND "A" > 0`, `ab > a(1) AND "A" > 0`],
    ["not within strings", "postgres", "a", `x <> 'a' AND a <> 'it''s a'`, `x <> 'a' AND "new" <> 'it''s a'`],
    ["not within strings that have escapes", "postgres", "a", `x <> E'it\\'s a' AND a <> ''`, `x <> E'it\\'s a' AND "new" <> ''`],
    ["not within dollars", "postgres", "a", "x <> $$a$$ AND x <> $s$ a $s$", "x <> $$a$$ AND x <> $s$ a $s$"],
    ["not within MySQL's strings", "mysql", "a", `x <> 'it\\'s a' and x <> "a"`, `x <> 'it\\'s a' and x <> "a"`],
    ["not within comments", "postgres", "a", "x > 0 -- a\n/* a */", "x > 0 -- a\n/* a */"],
    ["not within MySQL's comments", "mysql", "a", "x > 0 # a\n-- a\n/* a */", "x > 0 # a\n-- a\n/* a */"],
    ["not a number's exponent", "postgres", "e5", "x > 1e5", "x > 1e5"],
    ["not the type of a cast", "postgres", "mood", `mood::mood <> x::"mood"`, `"new"::mood <> x::"mood"`],
    ["not the word before a literal", "postgres", "inet", "inet > inet '::1'", `"new" > inet '::1'`],
  ])("%s", (_, flavor, from, before, after) => {
    expect(renamedIn(before, { from, to: "new" }, flavor)).toBe(after);
  });
});
