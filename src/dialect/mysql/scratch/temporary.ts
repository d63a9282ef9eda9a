import type { Db, Server } from "../../../core/db.ts";
import { type Check, type Column, keyOf, type Table } from "../../../core/schema.ts";
import { parseShown, type Shown } from "../introspect/show-create.ts";
import { normalize } from "../normalize.ts";
import { quoted } from "../scan.ts";
import { standInFor } from "./databases.ts";
import type { Answer, Answers, Question } from "./questions.ts";
import { createStandIn } from "./statements.ts";

const place = "limbeck_scratch";

/** Where no database may be created. The dictionary does not list temporary tables: their text is read. */
export async function askInTemporaryTables(db: Db, server: Server, questions: readonly Question[]): Promise<Answers> {
  const answers = new Map<Question, Answer>();
  for (const own of byTable(questions)) {
    const together = await ask(db, server, own);
    for (const question of own)
      answers.set(question, together?.get(question) ?? (await ask(db, server, [question]))?.get(question) ?? none);
  }
  for (const question of questions) if (question.kind === "view" || question.kind === "index") answers.set(question, none);
  return answers;
}

const none: Answer = { refused: "the server's spelling can't be had without the right to create a database (CREATE)" };

function byTable(questions: readonly Question[]): readonly (readonly Question[])[] {
  const found = new Map<string, Question[]>();
  for (const question of questions) {
    if (question.kind !== "column" && question.kind !== "check") continue;
    const key = keyOf(question.table);
    found.set(key, [...(found.get(key) ?? []), question]);
  }
  return [...found.values()];
}

/** Null: the server refuses one of them. */
async function ask(db: Db, server: Server, questions: readonly Question[]): Promise<Answers | null> {
  const [first] = questions;
  if (first === undefined || first.kind === "view") return null;
  const { table } = first;
  try {
    const sets = await db.batch([
      `DROP TEMPORARY TABLE IF EXISTS ${quoted(place)}`,
      createStandIn(standInFor(table, undefined, questions), quoted(place), server, true),
      `SHOW CREATE TABLE ${quoted(place)}`,
      `SHOW FULL COLUMNS FROM ${quoted(place)}`,
      `DROP TEMPORARY TABLE ${quoted(place)}`,
    ]);
    const shown = parseShown(sets[2]?.[0]?.[1] ?? "");
    const types = new Map((sets[3] ?? []).map((row) => [row[0] ?? "", row[1] ?? ""]));
    return answersFrom(shown, types, table, questions, server);
  } catch {
    await db.query(`DROP TEMPORARY TABLE IF EXISTS ${quoted(place)}`);
    return null;
  }
}

function answersFrom(
  shown: Shown,
  types: ReadonlyMap<string, string>,
  table: Table,
  questions: readonly Question[],
  server: Server,
): Answers {
  const columns = table.columns.map((column): Column => {
    const { default: value, generated } = shown.columns.get(column.name) ?? {};
    const { default: _, generated: own, ...rest } = column;
    return {
      ...rest,
      type: column.type === "json" ? "json" : (types.get(column.name) ?? column.type),
      ...(value !== undefined && { default: value }),
      ...(generated !== undefined && { generated: { expression: generated, stored: own?.stored ?? false } }),
    };
  });
  const checks = [...shown.checks].map(([name, expression]): Check => ({ name, expression }));
  const schema = { namespaces: [], extensions: [], enums: [], tables: [{ ...table, columns, checks }], views: [], external: [] };
  const [spelled] = normalize(schema, server).tables;
  const answers = new Map<Question, Answer>();
  for (const question of questions) {
    const items = question.kind === "column" ? spelled?.columns : spelled?.checks;
    const is = items?.find((item) => item.name === question.wanted.name);
    if (is) answers.set(question, { is });
  }
  return answers;
}
