import * as shared from "../../shared/prechecks/question.ts";
import type { Words } from "../../shared/prechecks/words.ts";
import { integerRange, isText, parseType } from "../parse-type.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { scan } from "../scan.ts";

export const words: Words = {
  quoteName,
  quoteTable,
  text: (value) => `LEFT(CAST(${value} AS CHAR), 80)`,
  samples: "GROUP_CONCAT(IF(`place` <= 5, `sample`, NULL) ORDER BY `place` SEPARATOR ', ')",
  key: (column, part) => (part?.prefix === undefined ? column : `LEFT(${column}, ${part.prefix})`),
  columnsIn: (expression) => [...new Set(scan(expression).flatMap((token) => (token.kind === "name" ? [token.value] : [])))],
  // where a number or a text only gets more or less room, one that does not fit is found as it is now
  keepsValues(had, has) {
    const [from, to] = [parseType(had), parseType(has)];
    const bothIntegers = integerRange(from) !== undefined && integerRange(to) !== undefined;
    return from.base === to.base || bothIntegers || (isText(from) && isText(to));
  },
};

export type { Question } from "../../shared/prechecks/question.ts";
export { columnLabel, usingHint } from "../../shared/prechecks/question.ts";

export const rowsWhere = (asked: shared.Asked): shared.Question => shared.rowsWhere(words, asked);
