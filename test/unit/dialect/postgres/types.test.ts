import { describe, expect, it } from "vitest";
import { isKnownType, normalizeType } from "../../../../src/dialect/postgres/type-words.ts";

describe("a type", () => {
  it.each([
    ["int", "integer"],
    ["INT4", "integer"],
    ["int8", "bigint"],
    ["varchar", "character varying"],
    ["VARCHAR( 20 )", "character varying(20)"],
    ["character  varying (20)", "character varying(20)"],
    ["char", "character(1)"],
    ["char(3)", "character(3)"],
    ["bpchar", "bpchar"],
    ['"char"', '"char"'],
    ["bool", "boolean"],
    ["decimal", "numeric"],
    ["decimal(10, 2)", "numeric(10,2)"],
    ["numeric(5)", "numeric(5,0)"],
    ["float", "double precision"],
    ["float(24)", "real"],
    ["float(25)", "double precision"],
    ["float8", "double precision"],
    ["timestamptz", "timestamp with time zone"],
    ["timestamptz(3)", "timestamp(3) with time zone"],
    ["timestamp(3) with time zone", "timestamp(3) with time zone"],
    ["timestamp", "timestamp without time zone"],
    ["time(0)", "time(0) without time zone"],
    ["interval Day to Second(3)", "interval day to second(3)"],
    ["bit", "bit(1)"],
    ["varbit(5)", "bit varying(5)"],
    ["int[]", "integer[]"],
    ["int[3][4]", "integer[]"],
    ["varchar(20) []", "character varying(20)[]"],
    ["text ARRAY", "text[]"],
    ['"mood"', "mood"],
    ['"Mood"[]', '"Mood"[]'],
    ["public.mood", "mood"],
    ['"public"."Mood"', '"Mood"'],
    ['app."mood"', "app.mood"],
    ['"order"', '"order"'],
    ["pg_catalog.int4", "integer"],
    ["geometry(Point,4326)", "geometry(Point,4326)"],
    ["ext.geometry(Point,4326)", "ext.geometry(Point,4326)"],
    [`"${"é".repeat(40)}"`, `"${"é".repeat(31)}"`],
  ])("%s is %s", (said, is) => {
    expect(normalizeType(said, "public")).toBe(is);
    expect(normalizeType(is, "public"), "and stays so").toBe(is);
  });

  it("is known when it is one of the server's own", () => {
    expect(["integer[]", "interval day to second(3)", "character varying(20)", "tstzrange"].every(isKnownType)).toBe(true);
    expect(["mood", "citext", "app.integer", "vector(3)"].some(isKnownType)).toBe(false);
  });
});
