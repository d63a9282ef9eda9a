import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kind, Operation } from "../../src/core/operation.ts";
import { Builder } from "../../src/core/operations/builder.ts";
import { apply, args, fold, make, registry, reverse, reverseAll, describe as words } from "../../src/core/operations/index.ts";
import { canonicalOrder, sameSchema } from "../../src/core/order.ts";
import type { Schema } from "../../src/core/schema.ts";
import { mysqlShape, postgresShape, type Shape, someSchema } from "../support/arbitrary.ts";
import { someOperation, someOperations } from "../support/arbitrary-operations.ts";

const runs = { numRuns: 1500 };
const seen = new Set<Kind>();

/** Every write to it is an error. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(Object.freeze(value))) frozen(part);
  return value;
}

function expectSame(a: Schema, b: Schema): void {
  if (!sameSchema(a, b)) expect(canonicalOrder(a)).toEqual(canonicalOrder(b));
}

describe.each([
  ["PostgreSQL", postgresShape],
  ["MySQL", mysqlShape],
] as const)("an operation on a schema of %s", (_, shape: Shape) => {
  const always = (law: (schema: Schema, operation: Operation) => void) =>
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const schema = someSchema(gen, shape);
        const operation = someOperation(gen, shape, schema);
        if (operation === null) return;
        seen.add(operation.kind);
        law(frozen(schema), frozen(operation));
      }),
      runs,
    );

  it("is what the arguments that it is printed with make again", () => {
    always((_, operation) => expect(make(operation.kind, args(operation))).toStrictEqual(operation));
  });

  it("is data: nothing of it is lost on paper", () => {
    always((_, operation) => expect(JSON.parse(JSON.stringify(operation))).toStrictEqual(operation));
  });

  it("is said in one line", () => {
    always((_, operation) => expect(words(operation)).toMatch(/^\S[^\n]*$/));
  });

  it("is taken back by its reverse, whose reverse it is", () => {
    always((schema, operation) => {
      const back = reverse(operation);
      if (back === null) return;
      const after = apply(schema, operation, shape.flavor);
      const before = apply(after, back, shape.flavor);
      expectSame(before, schema);
      const again = reverse(back);
      expect(again).not.toBeNull();
      if (again !== null) expectSame(apply(before, again, shape.flavor), after);
    });
  });

  it("cannot be done where it is done already", () => {
    always((schema, operation) => {
      if (!/^(create|drop|add|rename|move)/.test(operation.kind)) return;
      const after = apply(schema, operation, shape.flavor);
      expect(() => apply(after, operation, shape.flavor)).toThrow(expect.objectContaining({ outcome: "integrity" }));
    });
  });

  it("leaves nothing in the schema that is there and is undefined", () => {
    always((schema, operation) => {
      const after = apply(schema, operation, shape.flavor);
      expect(JSON.parse(JSON.stringify(after))).toStrictEqual(after);
    });
  });

  it("many of them are taken back last first", () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const schema = someSchema(gen, shape);
        const operations = someOperations(gen, shape, schema, 12);
        const { operations: back, irreversible } = reverseAll(operations);
        for (const i of irreversible) expect(["execute", "run", "on", "assume"]).toContain(operations[i]?.kind);
        expectSame(fold(schema, [...operations, ...back], shape.flavor), schema);
      }),
      runs,
    );
  });

  it("does to a schema under construction what it does to a whole one, or is refused by both", () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const start = frozen(someSchema(gen, shape));
        const builder = new Builder(start);
        builder.news();
        const whole = someOperations(gen, shape, start, 12).reduce((schema, operation) => {
          builder.apply(frozen(operation), shape.flavor);
          const next = frozen(apply(schema, operation, shape.flavor));
          const fits = canApply(next, operation, shape);
          if (fits) expectSame(builder.schema(), next);
          else expect(() => builder.apply(operation, shape.flavor)).toThrow();
          return next;
        }, start);
        expectSame(builder.schema(), whole);
        const { tables, views, enums } = builder.news();
        const news = new Set<unknown>([...tables, ...views, ...enums]);
        const old = new Set([...start.tables, ...start.views, ...start.enums].map((one) => JSON.stringify(one)));
        const now = [...builder.schema().tables, ...builder.schema().views, ...builder.schema().enums];
        for (const one of now) if (!old.has(JSON.stringify(one))) expect(news).toContain(one);
        for (const one of news) expect(now).toContain(one);
      }),
      runs,
    );
  });
});

function canApply(schema: Schema, operation: Operation, { flavor }: Shape): boolean {
  try {
    apply(schema, operation, flavor);
    return true;
  } catch {
    return false;
  }
}

it("every kind of operation has been tried", () => {
  expect(Object.keys(registry).filter((kind) => !seen.has(kind as Kind))).toEqual([]);
});
