import type { Column } from "../../../core/schema.ts";
import { fractionOf, integerRange, isText, lengthOf, parseType, scaleOf } from "../parse-type.ts";

/** Can the old type hold every value of the new one, and does the server convert it back unchanged? */
export function fitsInPlace(from: Column, to: Column): boolean {
  const [before, after] = [parseType(from.type), parseType(to.type)];
  if (from.type === to.type) return true;
  if (isText(before) && isText(after))
    return (lengthOf(before) ?? 0) >= (lengthOf(after) ?? Number.POSITIVE_INFINITY) * widest(after.base, before.base);
  const [wide, narrow] = [integerRange(before), integerRange(after)];
  if (wide !== undefined && narrow !== undefined) return wide[0] <= narrow[0] && wide[1] >= narrow[1];
  if (before.base !== "decimal" || after.base !== "decimal") return false;
  const digits = ({ args: [precision = 10, scale = 0] }: typeof before): number => precision - scale;
  return digits(before) >= digits(after) && (scaleOf(before) ?? 0) >= (scaleOf(after) ?? 0) && before.unsigned === after.unsigned;
}

/** A varchar's length counts characters, a text's bytes. */
function widest(to: string, from: string): number {
  const bytes = (base: string): boolean => base.endsWith("text");
  return bytes(from) && !bytes(to) ? 4 : 1;
}

/** The value as it will be in the new type, where MODIFY loses a part of it without an error; undefined where it loses nothing. */
export function rounded(value: string, from: Column, to: Column): string | undefined {
  const [before, after] = [parseType(from.type), parseType(to.type)];
  const scale = scaleOf(after);
  if (before.base === "decimal" && scale !== undefined && scale < (scaleOf(before) ?? 0)) return `ROUND(${value}, ${scale})`;
  if ((before.base === "float" || before.base === "double") && scale !== undefined) return `ROUND(${value}, ${scale})`;
  const [had, wanted] = [fractionOf(before), fractionOf(after)];
  if (had !== undefined && wanted !== undefined && wanted < had && (before.base === "time") === (after.base === "time")) {
    return `CAST(${value} AS ${after.base === "time" ? "TIME" : "DATETIME"}(${wanted}))`;
  }
  if (after.base === "date" && had !== undefined && before.base !== "time") return `CAST(${value} AS DATE)`;
  return undefined;
}

export function isLossy(from: Column, to: Column): boolean {
  return rounded("", from, to) !== undefined || (parseType(from.type).base === "double" && parseType(to.type).base === "float");
}

const strict = (type: string): boolean => /^(?:uuid|inet[46]|point|linestring|polygon|multi|geometry)/.test(type);

/** MariaDB takes only texts and bytes for an address, a uuid or a place, and the other way, be there rows or not. */
export function needsText(from: Column, to: Column): boolean {
  const [before, after] = [parseType(from.type), parseType(to.type)];
  const plain = ({ base }: typeof before): boolean =>
    isText({ base, args: [], unsigned: false }) || /binary|blob|^enum$|^set$|^json$/.test(base);
  return (strict(before.base) || strict(after.base)) && !plain(before) && !plain(after);
}
