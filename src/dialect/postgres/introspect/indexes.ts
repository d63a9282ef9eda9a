import type { Index, IndexColumn } from "../../../core/schema.ts";
import { normalizeExpression } from "../scan.ts";
import { byName, type Catalogue, columnNames, commentOn, type Line, numbersOf } from "./rows.ts";

/** Those that carry no constraint. */
export function indexesOf(catalogue: Catalogue, oid: string): readonly Index[] {
  const lines = catalogue.indexes.get(oid);
  if (lines === undefined) return [];
  const names = columnNames(catalogue, oid);
  return lines.map((line) => indexOf(line, names, catalogue)).sort(byName);
}

/** A concurrent build that failed leaves one behind that is kept up, and never used. */
export const isInvalid = (line: Line): boolean => line[4] !== "t";

function indexOf(line: Line, names: ReadonlyMap<number, string>, catalogue: Catalogue): Index {
  const [, oid, name, unique, , method, keys, numbers, , where, nullsNotDistinct, options] = line;
  const columns = numbersOf(numbers).map((number) => names.get(number) ?? "");
  const special = new Map(catalogue.indexParts.get(oid ?? "")?.map((part) => [Number(part[1]), part]));
  const flags = numbersOf(line[8]);
  const include = columns.slice(Number(keys));
  return {
    name: name ?? "",
    columns: columns.slice(0, Number(keys)).map((column, at) => partOf(column, flags[at] ?? 0, special.get(at + 1))),
    ...(unique === "t" && { unique: true as const }),
    ...(method !== null && method !== "btree" && { method }),
    ...(where && { where: normalizeExpression(where) }),
    ...(include.length > 0 && { include }),
    ...(nullsNotDistinct === "t" && { nullsNotDistinct: true as const }),
    ...(options && { options }),
    ...commentOn(catalogue, oid),
  };
}

const descending = 1;
const nullsFirst = 2;

function partOf(column: string, flags: number, special: Line | undefined): IndexColumn {
  const desc = (flags & descending) !== 0;
  const first = (flags & nullsFirst) !== 0;
  const [, , expression, opclass, collation] = special ?? [];
  const more = {
    ...(desc && { order: "desc" as const }),
    ...(desc !== first && { nulls: first ? ("first" as const) : ("last" as const) }),
    ...(collation && { collation }),
    ...(opclass && { opclass }),
  };
  if (expression) return { expression: normalizeExpression(expression), ...more };
  return Object.keys(more).length === 0 ? column : { column, ...more };
}
