import { describe, expect, it } from "vitest";
import { normalizeDefault } from "../../../../src/dialect/postgres/defaults.ts";

const varchar = "character varying(20)";
const instant = "timestamp with time zone";

describe("a default", () => {
  it.each([
    ["'x'::character varying", varchar, "'x'"],
    ["('x'::text)::varchar", varchar, "'x'"],
    ["'x'::character varying(2)", varchar, "'x'::character varying(2)"],
    ["'a::b'", varchar, "'a::b'"],
    ["'it''s'::text", "text", "'it''s'"],
    ["( 'x' )", "text", "'x'"],
    ["5", "text", "'5'"],
    ["'5'", "integer", "5"],
    ["'5'::bigint", "smallint", "'5'"],
    ["+007", "integer", "7"],
    ["(-5)", "integer", "-5"],
    ["'-5'::integer", "integer", "-5"],
    ["9223372036854775807", "bigint", "'9223372036854775807'"],
    ["1.50", "numeric(10,2)", "'1.50'"],
    ["'1.50'::numeric", "numeric(10,2)", "'1.50'"],
    ["'1.50'::double precision", "double precision", "'1.5'"],
    ["1.5::integer", "numeric", "1.5::integer"],
    ["1 + 1", "integer", "1 + 1"],
    ["TRUE", "boolean", "true"],
    ["'t'", "boolean", "true"],
    ["'no'::boolean", "boolean", "false"],
    ["NULL", "integer", undefined],
    ["NULL::character varying(20)", varchar, undefined],
    ["'{}'::jsonb", "jsonb", "'{}'"],
    ["'{}'::json", "jsonb", "'{}'::json"],
    ["'{a}'::text[]", "character varying[]", "'{a}'"],
    ["'{a}'::text", "text[]", "'{a}'::text"],
    [`'a'::"Mood"`, '"Mood"', "'a'"],
    ["'a'::public.mood", "mood", "'a'"],
    ["'a'::mood", "other", "'a'::mood"],
    ["NOW( )", instant, "now()"],
    ["current_timestamp", instant, "now()"],
    ["CURRENT_TIMESTAMP(3)", instant, "CURRENT_TIMESTAMP(3)"],
    ["current_date", "date", "CURRENT_DATE"],
    ["Gen_Random_UUID()", "uuid", "gen_random_uuid()"],
    ["upper( 'A  b' )  --  why", "text", "upper( 'A  b' )"],
    ["(a) || (b)", "text", "(a) || (b)"],
    ["'2020-01-31'::timestamp without time zone", "timestamp(3) without time zone", "'2020-01-31'"],
    ["'2020-01-31'::timestamp with time zone", "timestamp without time zone", "'2020-01-31'::timestamp with time zone"],
    ["'1'::interval(3)", "interval(3)", "'1'"],
    ["$$x$$", "text", "$$x$$"],
  ])("%s of a %s is %s", (said, type, is) => {
    expect(normalizeDefault(said, type, "public")).toBe(is);
    if (is !== undefined) expect(normalizeDefault(is, type, "public"), "and stays so").toBe(is);
  });
});
