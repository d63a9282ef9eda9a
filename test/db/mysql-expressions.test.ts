import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeExpression } from "../../src/dialect/mysql/expressions.ts";
import { engines, useDatabase } from "../support/databases.ts";

const binary = ["or", "and", "xor", "=", "<", "<>", ">=", "like", "is", "+", "-", "*", "div", "%", "|", "&", "<<", "^"];

/** With parentheses around every operator, as MySQL prints them. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", "1", "0", "-2", "null", "'x'") },
    {
      weight: 8,
      arbitrary: fc
        .tuple(tie("expression"), fc.constantFrom(...binary), tie("expression"))
        .map(([left, operator, right]) => (operator === "is" ? `(${left} is not null)` : `(${left} ${operator} ${right})`)),
    },
    { weight: 1, arbitrary: tie("expression").map((inner) => `(not ${inner})`) },
    { weight: 1, arbitrary: tie("expression").map((inner) => `(- ${inner})`) },
    { weight: 1, arbitrary: tie("expression").map((inner) => `ifnull(${inner}, (7))`) },
    { weight: 1, arbitrary: fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `(${one} in (${other}, 2))`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie("expression"), tie("expression"), tie("expression"))
        .map(([one, from, to]) => `(${one} between ${from} and ${to})`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `(case when ${one} then ${other} else 3 end)`),
    },
  ),
}));

describe.runIf(engines.includes("mysql"))("an expression in its one spelling", () => {
  const database = useDatabase("mysql");

  it("means the same to the server", async () => {
    const expressions = fc.sample(expression, { numRuns: 600, seed: 20_260 }).filter((text) => text.length < 400);
    const values = "(SELECT 1 a, 2 b, NULL c UNION ALL SELECT 0, -3, 5 UNION ALL SELECT NULL, 1, 0 UNION ALL SELECT 4, 4, -4) v";
    await database.db.query("SET sql_mode = ''");
    const differing: string[] = [];
    for (const text of expressions) {
      const spelled = normalizeExpression(text, ["a", "b", "c"]);
      expect(normalizeExpression(spelled, ["a", "b", "c"])).toBe(spelled);
      // out of range is out of range either way
      const sets = await database.db.batch([`SELECT ${text} FROM ${values}`]).catch(() => null);
      if (sets === null) continue;
      const own = await database.db.batch([`SELECT ${spelled} FROM ${values}`]).catch((error: unknown) => String(error));
      if (JSON.stringify(own) !== JSON.stringify(sets))
        differing.push(`${text}  ->  ${spelled}: ${JSON.stringify(sets)} ${JSON.stringify(own)}`);
    }
    expect(differing).toEqual([]);
  });
});
