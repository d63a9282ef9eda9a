import { describe, expect, it } from "vitest";
import type { Sampled } from "../../../src/core/sample.ts";
import type { Schema } from "../../../src/core/schema.ts";
import { sampleFor, withValues } from "../../../src/diff/values.ts";
import { compared, foreignKey, schema, table } from "./build.ts";

/** The first question between two schemas, what the rows are asked for it, and what becomes of it by their answer. */
function asked(had: Schema, wanted: Schema) {
  const [point] = compared(had, wanted).review;
  if (point === undefined) throw new Error("no question");
  const sample = sampleFor(point, { had, wanted });
  if (sample === null) throw new Error("nothing is asked");
  const told = (sampled: Partial<Sampled>) =>
    withValues(point, sample, { rows: 10, filled: 10, distinct: 10, unfit: 0, ...sampled }, { had, wanted });
  return { point, sample, told };
}

const one = (column: string, more: Parameters<typeof table>[2] = {}) => schema([table("t", ["id integer", column], more)]);

describe("what the rows say of a rename", () => {
  it("is how many of them have a value to lose", () => {
    const { sample, told } = asked(one("author text"), one("writer text"));
    expect(sample).toEqual({ table: { name: "t" }, limit: 10_000, column: "author" });
    expect(told({ filled: 7 }).stake).toBe("the values of author (7 of 10 rows have one)");
    expect(told({ rows: 10_000, filled: 9_000 }).stake).toBe("the values of author (9000 of 10000 or more rows have one)");
    expect(told({ rows: 0, filled: 0 }).stake).toBe("nothing now: t has no rows");
    expect(told({ filled: 0 }).stake).toBe("nothing now: author is NULL in all 10 rows");
  });

  it("is whether the values are keys of the table that the new column points to", () => {
    const to = schema([
      table("users", ["id integer"]),
      table("t", ["id integer", "owner_id integer"], { foreignKeys: [foreignKey("f", "owner_id", "users")] }),
    ]);
    const from = schema([table("users", ["id integer"]), table("t", ["id integer", "maker integer"])]);
    const { point, sample, told } = asked(from, to);
    expect(sample.takes).toEqual({ keysOf: { name: "users" }, column: "id" });
    expect(told({})).toMatchObject({ evidence: [...point.evidence, "all 10 values of maker are keys of users"] });
    expect(told({}).confidence).toBeGreaterThan(point.confidence ?? 1);
    expect(told({ unfit: 4 }).evidence).toContain("4 of 10 values of maker are no keys of users");
    expect(told({ unfit: 4 }).confidence).toBeLessThan(point.confidence ?? 0);
  });

  it("is whether they are values of the enum, and short enough", () => {
    const enums = [{ name: "mood", values: ["sad", "it's"] }];
    const own = asked(
      schema([table("t", ["id integer", "a other"])], { enums: [{ name: "other", values: ["x"] }] }),
      schema([table("t", ["id integer", "b mood"])], { enums }),
    );
    expect(own.sample.takes).toEqual({ among: ["sad", "it's"] });
    expect(own.told({ unfit: 1 }).evidence).toContain("1 of 10 values of a are no values of the new enum");
    const short = asked(one("title text"), one("titles character varying(20)"));
    expect(short.sample.takes).toEqual({ longest: 20 });
    expect(short.told({ unfit: 3 }).evidence).toContain("3 values of title are longer than 20");
    expect(short.told({}).confidence).toBe(short.point.confidence);
  });

  it("is whether they repeat where the new column is unique, and are missing where it is NOT NULL", () => {
    const { point, sample, told } = asked(one("mail text?"), one("email text", { uniques: [{ name: "u", columns: ["email"] }] }));
    expect(sample.repeats).toBe(true);
    expect(told({ distinct: 8 }).evidence).toContain("values of mail repeat, but email is unique");
    expect(told({ distinct: 8 }).confidence).toBeLessThan(point.confidence ?? 0);
    expect(told({}).evidence).toContain("no value of mail repeats, and email is unique");
    expect(told({ filled: 8, distinct: 8 }).evidence).toContain("2 rows have no mail, but email is NOT NULL");
  });

  it("is the count of rows where a table is meant, and nothing where no name is", () => {
    const { sample, told } = asked(one("a text"), schema([table("ts", ["id integer", "a text"])]));
    expect(sample).toEqual({ table: { name: "t" }, limit: 10_000 });
    expect(told({}).stake).toBe("all rows of t (10)");
    const using = { id: "r1", kind: "using", table: "t", column: "a", evidence: [] } as const;
    expect(sampleFor(using, { had: one("a text"), wanted: one("a integer") })).toBeNull();
  });
});
