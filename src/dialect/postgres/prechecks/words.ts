import type { Words } from "../../shared/prechecks/words.ts";
import { quoteName, quoteTable } from "../quote.ts";
import { parseType } from "../type.ts";

export const words: Words = {
  quoteName,
  quoteTable,
  text: (value) => `left((${value})::text, 80)`,
  samples: `string_agg("sample", ', ' ORDER BY "place") FILTER (WHERE "place" <= 5)`,
  key: (column) => column,
  keepsValues(from, to) {
    const [had, has] = [parseType(from).base, parseType(to).base];
    return had === has || (integers.has(had) && integers.has(has));
  },
};

const integers = new Set(["smallint", "integer", "bigint"]);
