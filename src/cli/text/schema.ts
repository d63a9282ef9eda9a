import type { ShownSchema } from "../../app/show.ts";
import { type Column, type Index, type IndexColumn, labelOf, type Table, type View } from "../../core/schema.ts";
import { type Output, printable } from "../output.ts";

/** A schema for people: what there is, one thing a line. */
export function schemaText({ opaque, ...schema }: ShownSchema, out: Output): string {
  const head = (sort: string, name: string, more: string = "") => `${out.paint("bold", `${sort} ${printable(name)}`)}${printable(more)}`;
  const parts = [
    ...(schema.namespaces.length > 0 ? [printable(`schemas: ${schema.namespaces.join(", ")}`)] : []),
    ...(schema.extensions.length > 0 ? [printable(`extensions: ${schema.extensions.join(", ")}`)] : []),
    ...schema.enums.map((type) => head("enum", labelOf(type), ` (${type.values.join(", ")})${said(type.comment)}`)),
    ...schema.tables.map((table) => [head("table", labelOf(table), said(table.comment)), ...tableLines(table)].join("\n")),
    ...schema.views.map((view) => [head(view.materialized ? "materialised view" : "view", labelOf(view)), ...viewLines(view)].join("\n")),
    ...(schema.tables.length + schema.views.length + schema.enums.length === 0 ? ["(nothing)"] : []),
    ...(opaque.length === 0
      ? []
      : [[out.paint("yellow", "not replayed, so its effect is not in here:"), ...opaque.map((what) => `  ${printable(what)}`)].join("\n")]),
  ];
  return parts.join("\n\n");
}

const said = (comment: string | undefined): string => (comment === undefined ? "" : `  -- ${comment}`);

function tableLines(table: Table): readonly string[] {
  const wide = Math.max(0, ...table.columns.map(({ name }) => name.length));
  const lines = [
    ...table.columns.map((column) => `${column.name.padEnd(wide)}  ${columnText(column)}`),
    ...(table.primaryKey === undefined ? [] : [`primary key ${list(table.primaryKey.columns)}${named(table.primaryKey.name)}`]),
    ...table.uniques.map(({ name, columns }) => `unique ${list(columns)}${named(name)}`),
    ...table.indexes.map(indexText),
    ...table.foreignKeys.map(({ name, columns, references, onDelete, onUpdate }) => {
      const target = labelOf({ ...references, name: references.table });
      const actions = `${onDelete === undefined ? "" : `, on delete ${onDelete}`}${onUpdate === undefined ? "" : `, on update ${onUpdate}`}`;
      return `foreign key ${list(columns)} → ${target} ${list(references.columns)}${actions}${named(name)}`;
    }),
    ...table.checks.map(({ name, expression }) => `check ${expression}${named(name)}`),
    ...table.exclusions.map(({ name, expression }) => `exclude ${expression}${named(name)}`),
  ];
  return lines.map((line) => `  ${printable(line.replaceAll(/\s*\n\s*/g, " "))}`);
}

function columnText(column: Column): string {
  return [
    column.type,
    ...(column.nullable ? ["null"] : []),
    ...(column.autoIncrement ? ["auto increment"] : []),
    ...(column.identity === undefined ? [] : [`identity ${column.identity.always ? "always" : "by default"}`]),
    ...(column.generated === undefined ? [] : [`= ${column.generated.expression}${column.generated.stored ? " (stored)" : ""}`]),
    ...(column.default === undefined ? [] : [`default ${column.default}`]),
    ...(column.onUpdate === undefined ? [] : [`on update ${column.onUpdate}`]),
    ...(column.comment === undefined ? [] : [`-- ${column.comment}`]),
  ].join("  ");
}

function viewLines(view: View): readonly string[] {
  return [...view.definition.split("\n"), ...view.indexes.map(indexText)].map((line) => `  ${printable(line)}`);
}

function indexText({ name, columns, unique, kind, method, where }: Index): string {
  const sort = [unique ? "unique " : "", kind === undefined ? "" : `${kind} `].join("");
  const part = (one: IndexColumn) =>
    typeof one === "string"
      ? one
      : `${one.column ?? one.expression ?? ""}${one.prefix === undefined ? "" : `(${one.prefix})`}${one.order === undefined ? "" : ` ${one.order}`}`;
  return `${sort}index ${list(columns.map(part))}${method === undefined ? "" : ` using ${method}`}${where === undefined ? "" : ` where ${where}`}${named(name)}`;
}

const list = (names: readonly string[]): string => `(${names.join(", ")})`;
const named = (name: string | undefined): string => (name === undefined ? "" : `  ${name}`);
