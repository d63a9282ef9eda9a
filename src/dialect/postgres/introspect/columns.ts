import type { Rows } from "../../../core/db.ts";
import type { Column, Identity } from "../../../core/schema.ts";
import { derivedName } from "../quote.ts";
import { ByTable, type Cell, type NameOf } from "./names.ts";

export function columnsOf(rows: Rows, nameOf: NameOf): ByTable<Column> {
  const columns = new ByTable<Column>();
  for (const row of rows) {
    const [schema, table] = row;
    columns.add(nameOf(schema, table), columnOf(row));
  }
  return columns;
}

function columnOf(row: Rows[number]): Column {
  const [, table, name, type, notNull, value, identity, generated, collation, comment, , sequence] = row;
  const serial = sequence != null && !identity && (value ?? "").startsWith("nextval(");
  return {
    name: name ?? "",
    type: type ?? "",
    ...(notNull === "t" ? {} : { nullable: true as const }),
    ...(generated ? { generated: { expression: bare(value ?? ""), stored: generated === "s" } } : {}),
    ...(identity ? { identity: identityOf(identity, row) } : {}),
    ...(serial ? { autoIncrement: true as const, ...named(table, name, sequence) } : {}),
    ...(value == null || generated || serial ? {} : { default: value }),
    ...(collation == null ? {} : { collation }),
    ...(comment == null ? {} : { comment }),
  };
}

/** Only a sequence that is not named as PostgreSQL names it has a name of its own. */
function named(table: Cell, column: Cell, sequence: string): { sequence?: string } {
  return sequence === derivedName(table ?? "", column ?? "", "seq") ? {} : { sequence };
}

/** The outer parentheses are the grammar's, not the expression's. */
function bare(expression: string): string {
  return /^\(.*\)$/s.test(expression) && closesAtEnd(expression) ? expression.slice(1, -1) : expression;
}

export function closesAtEnd(text: string): boolean {
  let depth = 0;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? "";
    if (quote !== "") {
      if (c === quote) quote = "";
    } else if (c === "'" || c === '"') quote = c;
    else if (c === "(") depth++;
    else if (c === ")" && --depth === 0) return i === text.length - 1;
  }
  return false;
}

/** The options of the sequence that are not the usual ones. */
function identityOf(kind: string, row: Rows[number]): Identity {
  const [, , , type, , , , , , , , , start, increment, min, max, cache, cycle] = row;
  const most = { smallint: "32767", integer: "2147483647", bigint: "9223372036854775807" }[type ?? ""];
  const options = [
    ...(start === "1" ? [] : [`START WITH ${start}`]),
    ...(increment === "1" ? [] : [`INCREMENT BY ${increment}`]),
    ...(min === "1" ? [] : [`MINVALUE ${min}`]),
    ...(max === most ? [] : [`MAXVALUE ${max}`]),
    ...(cache === "1" ? [] : [`CACHE ${cache}`]),
    ...(cycle === "t" ? ["CYCLE"] : []),
  ];
  return { always: kind === "a", ...(options.length === 0 ? {} : { options: options.join(" ") }) };
}
