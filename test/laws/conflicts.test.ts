import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kind, Operation } from "../../src/core/operation.ts";
import { apply, reverseAll, describe as words } from "../../src/core/operations/index.ts";
import { canonicalOrder, sameSchema } from "../../src/core/order.ts";
import type { Schema } from "../../src/core/schema.ts";
import { commutes, conflictsBetween } from "../../src/diff/conflicts.ts";
import { mysqlShape, postgresShape, type Shape, someSchema } from "../support/arbitrary.ts";
import { someOperation, someOperations } from "../support/arbitrary-operations.ts";

const runs = { numRuns: 1000 };

function expectSame(a: Schema, b: Schema): void {
  if (!sameSchema(a, b)) expect(canonicalOrder(a)).toEqual(canonicalOrder(b));
}

describe.each([
  ["PostgreSQL", postgresShape],
  ["MySQL", mysqlShape],
] as const)("two changes that were made apart, on %s", (_, shape: Shape) => {
  const { flavor } = shape;
  const all = (schema: Schema, operations: readonly Operation[]) =>
    operations.reduce((state, operation) => {
      try {
        return apply(state, operation, flavor);
      } catch (error) {
        throw new Error(`${words(operation)}: ${error instanceof Error ? error.message : error}`);
      }
    }, schema);

  it("that commute give the same schema in either order, and can be taken back in either", () => {
    const met = { together: 0, apart: 0 };
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const schema = someSchema(gen, shape);
        const [a, b] = [someOperation(gen, shape, schema), someOperation(gen, shape, schema)];
        if (a === null || b === null) return;
        const free = commutes({ operation: a }, { operation: b }, flavor);
        expect(commutes({ operation: b }, { operation: a }, flavor)).toBe(free);
        met[free ? "together" : "apart"]++;
        if (!free) return;
        const both = all(schema, [a, b]);
        expectSame(both, all(schema, [b, a]));
        // the order of the graph may be either, up and down
        for (const order of [
          [a, b],
          [b, a],
        ] as const)
          expectSame(all(both, reverseAll(order).operations), schema);
      }),
      runs,
    );
    // the law would hold for a function that says no to all
    expect(met.together).toBeGreaterThan(runs.numRuns / 4);
    expect(met.apart).toBeGreaterThan(0);
  });

  it("as whole arms without a conflict give the same schema in either order", () => {
    let met = 0;
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const schema = someSchema(gen, shape);
        const [left, right] = [someOperations(gen, shape, schema, 4), someOperations(gen, shape, schema, 4)];
        const changes = (operations: readonly Operation[]) => operations.map((operation) => ({ operation }));
        const conflicts = conflictsBetween(changes(left), changes(right), flavor);
        const pairs = left.flatMap((a, i) =>
          right.flatMap((b, j) => (commutes({ operation: a }, { operation: b }, flavor) ? [] : [`${i} ${j}`])),
        );
        expect(conflicts.map(({ a, b }) => `${a} ${b}`)).toEqual(pairs);
        if (conflicts.length > 0 || left.length * right.length === 0) return;
        met++;
        expectSame(all(schema, [...left, ...right]), all(schema, [...right, ...left]));
      }),
      runs,
    );
    expect(met).toBeGreaterThan(runs.numRuns / 10);
  });

  it("that are the same change do not commute", () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const operation = someOperation(gen, shape, someSchema(gen, shape));
        const harmless: readonly Kind[] = ["execute", "on", "run"];
        if (operation === null || harmless.includes(operation.kind)) return;
        expect([words(operation), commutes({ operation }, { operation }, flavor)]).toEqual([words(operation), false]);
      }),
      { numRuns: 1000 },
    );
  });
});
