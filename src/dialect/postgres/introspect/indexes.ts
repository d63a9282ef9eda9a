import type { Rows } from "../../../core/db.ts";
import { type Index, type IndexColumn, labelOf } from "../../../core/schema.ts";
import type { NotCompared } from "../../dialect.ts";
import { ByTable, type Cell, type NameOf } from "./names.ts";

export function indexesOf(rows: Rows, nameOf: NameOf, notCompared: NotCompared[]): ByTable<Index> {
  const indexes = new ByTable<Index>();
  for (const row of rows) {
    const [schema, table, name, , valid] = row;
    const at = nameOf(schema, table);
    if (valid === "t") indexes.add(at, indexOf(row));
    else notCompared.push({ what: `index ${name} on ${labelOf(at)}`, because: "it is invalid: a concurrent build of it has failed" });
  }
  return indexes;
}

type Part = readonly [column: string | null, expression: string | null, option: number, opclass: string | null, collation: string | null];

function indexOf(row: Rows[number]): Index {
  const [, , name, unique, , method, keys, nullsNotDistinct, parts, where, options, comment] = row;
  const all = JSON.parse(parts ?? "[]") as Part[];
  const include = all.slice(Number(keys)).flatMap(([column]) => column ?? []);
  return {
    name: name ?? "",
    columns: all.slice(0, Number(keys)).map((part) => indexColumn(part, method)),
    ...(unique === "t" ? { unique: true as const } : {}),
    ...(method === "btree" || method == null ? {} : { method }),
    ...(where == null ? {} : { where }),
    ...(include.length === 0 ? {} : { include }),
    ...(nullsNotDistinct === "t" ? { nullsNotDistinct: true as const } : {}),
    ...(options == null ? {} : { options: (JSON.parse(options) as string[]).join(", ") }),
    ...(comment == null ? {} : { comment }),
  };
}

function indexColumn([column, expression, option, opclass, collation]: Part, method: Cell): IndexColumn {
  // what the bits of indoption mean is btree's alone
  const desc = method === "btree" && (option & 1) === 1;
  const nullsFirst = method === "btree" && (option & 2) === 2;
  const part = {
    ...(column === null ? { expression: expression ?? "" } : { column }),
    ...(desc ? { order: "desc" as const } : {}),
    ...(nullsFirst === desc ? {} : { nulls: nullsFirst ? ("first" as const) : ("last" as const) }),
    ...(collation === null ? {} : { collation }),
    ...(opclass === null ? {} : { opclass }),
  };
  return column !== null && Object.keys(part).length === 1 ? column : part;
}
