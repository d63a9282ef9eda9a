import { describe, expect, it } from "vitest";
import { normalizeDefault } from "../../../../src/dialect/mysql/defaults.ts";

describe("the one spelling of a default", () => {
  it.each([
    ["'5'", "int", "5"],
    ["+007", "int", "7"],
    ["(-5)", "bigint", "-5"],
    ["-0", "int", "0"],
    ["TRUE", "tinyint(1)", "1"],
    ["b'1'", "tinyint(1)", "1"],
    ["1.5", "decimal(10,2)", "1.50"],
    ["'.50'", "decimal(10,2)", "0.50"],
    ["-0.00", "decimal(10,2)", "0.00"],
    ["1.555", "decimal(10,2)", "1.555"],
    ["1e3", "double", "1000"],
    ["5", "bit(8)", "b'101'"],
    ["b'0101'", "bit(8)", "b'101'"],
    ["5", "varchar(20)", "'5'"],
    ['"it\'s"', "varchar(20)", "'it''s'"],
    ["'it\\'s \\\\'", "varchar(20)", "'it''s \\\\'"],
    ["_utf8mb4'a'", "varchar(20)", "'a'"],
    ["'now()'", "varchar(20)", "'now()'"],
    ["0x4142", "varbinary(8)", "'AB'"],
    ["'a'", "binary(2)", "x'6100'"],
    ["now()", "datetime", "CURRENT_TIMESTAMP"],
    ["(current_timestamp(6))", "datetime(6)", "CURRENT_TIMESTAMP(6)"],
    ["LOCALTIMESTAMP", "timestamp", "CURRENT_TIMESTAMP"],
    ["now()", "varchar(30)", "(current_timestamp())"],
    ["'2020-01-31'", "datetime(3)", "'2020-01-31 00:00:00.000'"],
    ["'2020-01-31'", "date", "'2020-01-31'"],
    ["'12:00:00'", "time(2)", "'12:00:00.00'"],
    ["(CURRENT_DATE)", "date", "(curdate())"],
    ["UUID()", "varchar(36)", "(uuid())"],
    ["((1+2)*3)", "int", "((1 + 2) * 3)"],
  ])("%s on %s is %s", (said, type, spelled) => {
    expect(normalizeDefault(said, type, "mariadb")).toBe(spelled);
    expect(normalizeDefault(spelled, type, "mariadb")).toBe(spelled);
  });

  it("NULL is none", () => {
    expect(normalizeDefault("NULL", "int", "mariadb")).toBeUndefined();
    expect(normalizeDefault("(null)", "int", "mysql")).toBeUndefined();
    expect(normalizeDefault("'NULL'", "varchar(4)", "mariadb")).toBe("'NULL'");
  });

  it("a text or json literal stands in parentheses on MySQL, which takes no other there", () => {
    expect(normalizeDefault("'{}'", "json", "mysql")).toBe("('{}')");
    expect(normalizeDefault("(_utf8mb4'{}')", "json", "mysql")).toBe("('{}')");
    expect(normalizeDefault("('{}')", "json", "mariadb")).toBe("'{}'");
    expect(normalizeDefault("('a')", "varchar(5)", "mysql")).toBe("'a'");
  });
});
