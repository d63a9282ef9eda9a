import { describe, expect, it } from "vitest";
import { normalizeType } from "../../../../src/dialect/mysql/types.ts";

describe("the one spelling of a type", () => {
  it.each([
    ["INTEGER", "int"],
    ["int(11)", "int"],
    ["int(10) unsigned", "int unsigned"],
    ["INT UNSIGNED ZEROFILL", "int(10) unsigned zerofill"],
    ["int(5) zerofill", "int(5) unsigned zerofill"],
    ["bool", "tinyint(1)"],
    ["tinyint(1)", "tinyint(1)"],
    ["tinyint(1) unsigned", "tinyint unsigned"],
    ["tinyint(4)", "tinyint"],
    ["dec", "decimal(10,0)"],
    ["numeric(5)", "decimal(5,0)"],
    ["decimal( 12 , 2 ) unsigned", "decimal(12,2) unsigned"],
    ["double precision", "double"],
    ["real", "double"],
    ["float(30)", "double"],
    ["float(10)", "float"],
    ["float(7, 3)", "float(7,3)"],
    ["char", "char(1)"],
    ["character varying(50)", "varchar(50)"],
    ["national varchar(50)", "varchar(50)"],
    ["nchar(5)", "char(5)"],
    ["nvarchar(5)", "varchar(5)"],
    ["binary", "binary(1)"],
    ["bit", "bit(1)"],
    ["year(4)", "year"],
    ["datetime(0)", "datetime"],
    ["timestamp(6)", "timestamp(6)"],
    ["long varchar", "mediumtext"],
    ["geomcollection", "geometrycollection"],
    ["JSON", "json"],
    ["vector(3)", "vector(3)"],
    [`ENUM ("it's", 'b' , 'c,d')`, "enum('it''s','b','c,d')"],
    ["set('a' , 'b')", "set('a','b')"],
    ["enum('(',')')", "enum('(',')')"],
    ["enum('a  ','\\n','\\t')", "enum('a','\\n','\t')"],
  ])("%s is %s", (said, spelled) => {
    expect(normalizeType(said).type).toBe(spelled);
    expect(normalizeType(spelled).type).toBe(spelled);
  });

  it("sets a character set and collation among its words apart", () => {
    expect(normalizeType("varchar(20) character set latin1 collate latin1_bin")).toEqual({
      type: "varchar(20)",
      charset: "latin1",
      collation: "latin1_bin",
    });
    expect(normalizeType("enum('character set x') CHARSET utf8")).toEqual({ type: "enum('character set x')", charset: "utf8" });
  });
});
