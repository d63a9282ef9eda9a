import { usage } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import { args } from "../../core/operations/index.ts";
import type { Point } from "../../core/revision.ts";
import { labelOf } from "../../core/schema.ts";
import { isSql } from "../../core/sql.ts";
import { flat, isObject, literal, mustBreak, visible, width } from "./literal.ts";

/** `op.addColumn("todos", { … });`, with what a reviewer must know above it. */
export function statement(operation: Operation, indent: number, comments: readonly string[] = []): string {
  const pad = " ".repeat(indent);
  return [...comments.map((line) => `${pad}// ${visible(line).replaceAll("\n", " ")}\n`), `${pad}${call(operation, indent)};\n`].join("");
}

function call(operation: Operation, indent: number): string {
  if (operation.kind === "on") {
    const body = operation.operations.map((one) => statement(one, indent + 2)).join("");
    return `op.on("${operation.dialect}", (op) => {\n${body}${" ".repeat(indent)}})`;
  }
  if (operation.kind === "assume") {
    const body = operation.operations.map((one) => statement(one, indent + 2)).join("");
    return `op.assume((op) => {\n${body}${" ".repeat(indent)}})`;
  }
  if (operation.kind === "run") {
    throw usage("code-unknown", `op.run("${operation.title}") is code: it can't be written anew.`, "copy it into the file by hand", {
      title: operation.title,
    });
  }
  const head = `op.${operation.kind}(`;
  const values = args(operation);
  const one = `${head}${values.map(flat).join(", ")})`;
  if (!values.some(mustBreak) && indent + one.length + 1 <= width) return one;
  return hugged(head, values, indent) ?? apart(head, values, indent);
}

/** The last argument opens on the line of the call. */
function hugged(head: string, values: readonly unknown[], indent: number): string | null {
  const last = values.at(-1);
  const before = values.slice(0, -1);
  const [first] = values;
  if (values.length === 1 && isSql(first) && first.sql.includes("\n")) return `${head}${flat(first)})`;
  const opens = (isObject(last) && Object.keys(last).length > 0) || (Array.isArray(last) && last.length > 0);
  const alike = (isObject(last) && isObject(before.at(-1))) || (Array.isArray(last) && Array.isArray(before.at(-1)));
  if (!opens || alike || before.some(mustBreak)) return null;
  const start = `${head}${before.map((value) => `${flat(value)}, `).join("")}`;
  // the opening bracket must still fit, or the arguments stand apart
  if (indent + start.length + 1 > width) return null;
  return `${start}${literal(last, indent, width, 0)})`;
}

function apart(head: string, values: readonly unknown[], indent: number): string {
  const pad = " ".repeat(indent + 2);
  const lines = values.map((value) => `${pad}${literal(value, indent + 2, indent + 2, 1)},\n`);
  return `${head}\n${lines.join("")}${" ".repeat(indent)})`;
}

/** What a reviewer must know before reading the statement. */
export function commentsFor(operation: Operation, review: readonly Point[], id: string): readonly string[] {
  const point = review.find((one) => asksAbout(one, operation));
  if (point !== undefined) return questionLines(point, id);
  // what is computed is lost with nothing
  if (operation.kind === "dropColumn" && operation.column.generated === undefined)
    return [`loses the values of ${labelOf({ ...operation, name: operation.table })}.${operation.column.name}`];
  if (operation.kind === "dropTable") return [`loses the rows of ${labelOf({ ...operation, name: operation.table })}`];
  return [];
}

export function questionLines(point: Point, id: string): readonly string[] {
  // four of twelve random digits say which; the beginning of an id that people have chosen may be that of many
  const short = /^[0-9a-f]{12}$/.test(id) ? id.slice(0, 4) : word(id);
  const table = labelOf({ ...point, name: point.table });
  switch (point.kind) {
    case "rename":
      return [
        `${point.id}: a rename? As written, the values of ${point.from} are lost.`,
        `Keep them:  limbeck resolve ${short} --rename ${word(`${table}.${point.from}:${point.to}`)}`,
      ];
    case "renameTable":
    case "renameView":
      return [
        `${point.id}: a rename? As written, the rows of ${point.from ?? table} are lost.`,
        `Keep them:  limbeck resolve ${short} --rename-table ${word(`${point.from ?? table}:${point.to}`)}`,
      ];
    case "renameEnumValue":
      return [`${point.id}: was the value ${point.from} renamed to ${point.to}?`, `Yes:  limbeck resolve ${short} --all rename`];
    case "using":
      return [
        `${point.id}: how do the old values become the new type?`,
        `Say it:  limbeck resolve ${short} --using ${word(`${table}.${point.column ?? point.from ?? ""}=EXPRESSION`)}`,
      ];
  }
}

/** A reader copies the command: what a name holds must not become part of it. */
function word(text: string): string {
  return /^[\w.:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function asksAbout(point: Point, operation: Operation): boolean {
  const schema = "schema" in operation ? operation.schema : undefined;
  const here = "table" in operation && operation.table === point.table && schema === point.schema;
  switch (point.kind) {
    case "rename":
      return operation.kind === "dropColumn" && here && operation.column.name === point.from;
    case "renameTable":
      return operation.kind === "dropTable" && [operation.table, `${schema}.${operation.table}`].includes(point.from ?? "");
    case "renameView":
      return operation.kind === "dropView" && operation.view === point.from;
    case "renameEnumValue":
      return (
        (operation.kind === "alterEnum" && operation.name === point.table) ||
        (operation.kind === "alterColumn" && here && operation.to.name === point.column)
      );
    case "using":
      return operation.kind === "alterColumn" && here && operation.to.name === (point.column ?? point.from);
  }
}
