import type { Server } from "../../../core/db.ts";
import type { Action, Check, ForeignKey, Index, IndexColumn, PrimaryKey, Table } from "../../../core/schema.ts";
import { charactersOf, charactersOfServer, charactersToSay } from "../charsets.ts";
import { columnsOf, expressionText, jsonColumns } from "./columns.ts";
import type { Precise } from "./precise.ts";
import { compare, type TableRows } from "./rows.ts";

type Line = TableRows["indexes"][number];

export function tableOf(rows: TableRows, precise: Precise, server: Server): Table {
  const [, , engine, collation, comment] = rows.table;
  const around = charactersOfServer(server);
  const primaryKey = primaryKeyOf(rows);
  return {
    ...rows.name,
    columns: columnsOf(rows, precise, server),
    ...(primaryKey && { primaryKey }),
    uniques: [],
    indexes: indexesOf(rows, precise, server),
    foreignKeys: foreignKeysOf(rows, server),
    checks: checksOf(rows, precise, server),
    exclusions: [],
    ...(comment && { comment }),
    ...(engine && engine.toLowerCase() !== server.engine?.toLowerCase() && { engine }),
    ...(collation && charactersToSay(charactersOf({ collation }, around, server), around, server)),
  };
}

function primaryKeyOf(rows: TableRows): PrimaryKey | undefined {
  const columns = rows.indexes.filter((row) => row[1] === "PRIMARY").map((row) => row[4] ?? "");
  return columns.length === 0 ? undefined : { columns };
}

function indexesOf(rows: TableRows, precise: Precise, server: Server): readonly Index[] {
  const byName = new Map<string, Line[]>();
  for (const row of rows.indexes) {
    const name = row[1] ?? "";
    if (name !== "PRIMARY") byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  return [...byName]
    .sort(([a], [b]) => compare(a, b))
    .map(([name, parts]) => {
      const [, , , nonUnique, , , , type, comment] = parts[0] ?? [];
      const kind = type === "FULLTEXT" ? "fulltext" : type === "SPATIAL" ? "spatial" : undefined;
      const parser = precise.shown(rows.name)?.parsers.get(name);
      const method = methodOf(type, rows.table[2]);
      return {
        name,
        columns: parts.map((part) => partOf(part, kind, server)),
        ...(nonUnique === "0" && { unique: true as const }),
        ...(kind && { kind }),
        ...(method && { method }),
        ...(parser && { parser }),
        ...(comment && { comment }),
      };
    });
}

/** Only what is not the engine's own way: InnoDB has no other, MEMORY's is to hash. */
function methodOf(type: string | null | undefined, engine: string | null | undefined): string | undefined {
  if (engine === "MEMORY") return type === "BTREE" ? "btree" : undefined;
  return type === "HASH" && engine !== "InnoDB" ? "hash" : undefined;
}

function partOf(row: Line, kind: Index["kind"], server: Server): IndexColumn {
  const [, , , , column, direction, prefix, , , , expression] = row;
  const order = direction === "D" ? { order: "desc" as const } : {};
  if (expression) return { expression: expressionText(expression, server), ...order };
  const length = kind === undefined && prefix ? { prefix: Number(prefix) } : {};
  if (!("order" in order) && !("prefix" in length)) return column ?? "";
  return { column: column ?? "", ...order, ...length };
}

function foreignKeysOf(rows: TableRows, server: Server): readonly ForeignKey[] {
  return [...rows.keys]
    .sort((a, b) => compare(a[1] ?? "", b[1] ?? ""))
    .map(([, name, deletes, updates]) => {
      const parts = rows.keyColumns.filter((row) => row[1] === name);
      const [, , , , schema, table] = parts[0] ?? [];
      const [onDelete, onUpdate] = [actionOf(deletes), actionOf(updates)];
      return {
        name: name ?? "",
        columns: parts.map((row) => row[3] ?? ""),
        references: {
          ...(schema && schema !== server.defaultSchema && { schema }),
          table: table ?? "",
          columns: parts.map((row) => row[6] ?? ""),
        },
        ...(onDelete && { onDelete }),
        ...(onUpdate && { onUpdate }),
      };
    });
}

function actionOf(rule: string | null | undefined): Action | undefined {
  return rule === "CASCADE" || rule === "SET NULL" || rule === "SET DEFAULT" || rule === "RESTRICT" ? rule : undefined;
}

/** Of the table: those that stand in a column's definition are named among what is not compared. */
function checksOf(rows: TableRows, precise: Precise, server: Server): readonly Check[] {
  const shown = precise.shown(rows.name)?.checks;
  return rows.checks
    .filter((row) => row[2] === "Table")
    .sort((a, b) => compare(a[1] ?? "", b[1] ?? ""))
    .map(([, name, , clause]) => ({
      name: name ?? "",
      expression: expressionText(clause ?? "", server, shown?.get(name ?? "")),
    }));
}

/** What the schema has no word for. */
export function leftAlone(rows: TableRows, label: string, server: Server): readonly { readonly what: string; readonly because: string }[] {
  const json = jsonColumns(rows);
  const hidden = server.flavor === "mysql" ? "invisible" : "ignored";
  return [
    ...(/partitioned/i.test(rows.table[5] ?? "") ? [{ what: `table ${label}`, because: "its partitions are not compared" }] : []),
    ...(rows.table[1] === "SYSTEM VERSIONED" ? [{ what: `table ${label}`, because: "its system versioning is not compared" }] : []),
    ...(rows.triggers.length === 0
      ? []
      : [{ what: `table ${label}`, because: `${rows.triggers.map((name) => `trigger ${name}`).join(", ")}: left alone` }]),
    ...rows.columns
      .filter((row) => /\bINVISIBLE\b/i.test(row[6] ?? ""))
      .map((row) => ({ what: `column ${label}.${row[2]}`, because: "that it is invisible is not compared" })),
    ...rows.columns
      .filter((row) => row[11])
      .map((row) => ({ what: `column ${label}.${row[2]}`, because: `its SRID ${row[11]} is not compared` })),
    ...[...new Set(rows.indexes.filter((row) => row[9] === "YES").map((row) => row[1]))].map((name) => ({
      what: `index ${label}.${name}`,
      because: `that it is ${hidden} is not compared`,
    })),
    ...rows.checks
      .filter(([, name, level]) => level === "Column" && !json.has(name ?? ""))
      .map(([, name, , clause]) => ({
        what: `check of column ${label}.${name}`,
        because: `it stands in the column's definition: ${clause}`,
      })),
    ...rows.checks
      .filter(([, , level]) => level === "Idle")
      .map(([, name]) => ({ what: `check ${label}.${name}`, because: "it is not enforced" })),
  ];
}
