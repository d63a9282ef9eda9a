import { describe, expect, it } from "vitest";
import { normalizeExpression } from "../../../../src/dialect/mysql/expressions.ts";

describe("the one spelling of an expression", () => {
  it.each([
    ["Price>0", "`Price` > 0"],
    ['(`price` > 0 AND Title != "it\'s")', "`price` > 0 and `title` <> 'it''s'"],
    ["price IN ( 1,2 , -3 )", "`price` in (1,2,-3)"],
    ["CONCAT( title , 'x' )", "concat(`title`,'x')"],
    ["concat(`title`,_utf8mb4'x')", "concat(`title`,'x')"],
    ["price*-2", "`price` * -2"],
    ["- price", "-`price`"],
    ["ucase(title)", "upper(`title`)"],
    ["title /* who */ like 'a%'", "`title` like 'a%'"],
    ["CURRENT_TIMESTAMP", "current_timestamp()"],
    ["day > '2020-01-01' + interval 1 day", "day > '2020-01-01' + interval 1 day"],
    ["('PRICE')", "'PRICE'"],
  ])("%s is %s", (said, spelled) => {
    const columns = [said.startsWith("Price") ? "Price" : "price", "title", "day"];
    expect(normalizeExpression(said, columns)).toBe(spelled);
    expect(normalizeExpression(spelled, columns)).toBe(spelled);
  });
});
