import type { Db, Server } from "../../../core/db.ts";
import { atLeast } from "../../../core/db.ts";
import { keyOf, labelOf, type QualifiedName, type Schema, type Table, type View } from "../../../core/schema.ts";
import type { NotCompared } from "../../dialect.ts";
import { columnSql } from "../compile/column.ts";
import { indexSql } from "../compile/indexes.ts";
import { read } from "../introspect/index.ts";
import { normalize } from "../normalize.ts";
import { quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { answerKey, nameOf, type Prints, type Question } from "./questions.ts";

/** One statement in the scratch place; `about` is what can't be compared when it fails. */
interface Step {
  readonly sql: string;
  readonly about: string;
}

/** Makes what is asked about, reads how the server prints it, and takes everything back. */
export async function printed(
  db: Db,
  server: Server,
  wanted: Schema,
  questions: readonly Question[],
  notCompared: NotCompared[],
): Promise<Prints> {
  const name = `limbeck_scratch_${db.session}`;
  try {
    return await inScratch(db, server, name, questions, async (scratch) => {
      await db.batch(stepsOf(wanted, questions, scratch, false).map(({ sql }) => sql));
    });
  } catch {
    // one of them can't be made: each by itself then, so that it does not spoil the others
    return inScratch(db, server, name, questions, (scratch) => carefully(db, stepsOf(wanted, questions, scratch, true), notCompared));
  }
}

async function inScratch(
  db: Db,
  server: Server,
  name: string,
  questions: readonly Question[],
  make: (scratch: string) => Promise<void>,
): Promise<Prints> {
  await db.batch(["BEGIN"]);
  try {
    const scratch = await place(db, name);
    await make(scratch);
    const at = { ...server, defaultSchema: scratch };
    const where = {
      defaultSchema: scratch,
      schemas: [scratch],
      path: [scratch, server.defaultSchema],
      nullsNotDistinct: atLeast(server, 15),
    };
    const { schema } = await read(db, where, { ignore: [] });
    return answers(normalize(schema, at), questions);
  } finally {
    await db.batch(["ROLLBACK"]);
  }
}

/** A schema of our own, or the session's temporary one where we may not make any. */
async function place(db: Db, name: string): Promise<string> {
  const path = (schema: string) =>
    `SELECT set_config('search_path', ${quoteLiteral(`${quoteName(schema)}, `)} || current_setting('search_path'), true)`;
  try {
    await db.batch(["SAVEPOINT limbeck_scratch", `CREATE SCHEMA ${quoteName(name)}`, path(name)]);
    return name;
  } catch {
    await db.batch(["ROLLBACK TO limbeck_scratch", "CREATE TEMPORARY TABLE limbeck_scratch ()"]);
    const [row] = await db.query("SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()");
    await db.batch([path(row?.name ?? "pg_temp")]);
    return row?.name ?? "pg_temp";
  }
}

async function carefully(db: Db, steps: readonly Step[], notCompared: NotCompared[]): Promise<void> {
  for (const { sql, about } of steps) {
    try {
      await db.batch(["SAVEPOINT limbeck_step", sql, "RELEASE limbeck_step"]);
    } catch (error) {
      await db.batch(["ROLLBACK TO limbeck_step"]);
      if (about !== "") notCompared.push({ what: about, because: error instanceof Error ? error.message : String(error) });
    }
  }
}

function stepsOf(wanted: Schema, questions: readonly Question[], scratch: string, allTables: boolean): readonly Step[] {
  const asked = new Set(questions.map(({ of }) => keyOf(of)));
  const tables = wanted.tables.filter((table) => asked.has(keyOf(table)) || (allTables && table.schema === undefined));
  const types = wanted.enums.filter(({ schema }) => schema === undefined);
  return [
    ...types.map(({ name, values }) =>
      quiet(`CREATE TYPE ${quoteTable({ schema: scratch, name })} AS ENUM (${values.map(quoteLiteral).join(", ")})`),
    ),
    ...tables.flatMap((table) => tableSteps(table, scratch)),
    ...questions.flatMap((question, i) => questionSteps(wanted, question, i, scratch)).sort((a, b) => a.rank - b.rank),
  ];
}

const quiet = (sql: string): Step => ({ sql, about: "" });

/** The columns alone: names and types are what expressions need. */
function tableSteps(table: Table, scratch: string): readonly Step[] {
  const at = quoteTable(copyOf(table, scratch));
  const plain = table.columns.filter(({ generated }) => generated === undefined);
  return [
    quiet(`CREATE TABLE ${at} ()`),
    ...plain.map(({ name, type, collation }) => ({
      sql: `ALTER TABLE ${at} ADD COLUMN ${columnSql({ name, type, nullable: true, ...(collation === undefined ? {} : { collation }) }, { name: "" })}`,
      about: "",
    })),
  ];
}

/** Tables of other schemas stand beside under a name that none has. */
function copyOf(name: QualifiedName, scratch: string): QualifiedName {
  return { schema: scratch, name: name.schema === undefined ? name.name : `${name.schema}.${name.name}` };
}

function questionSteps(wanted: Schema, question: Question, i: number, scratch: string): readonly (Step & { readonly rank: number })[] {
  const table = wanted.tables.find((one) => keyOf(one) === keyOf(question.of));
  const view = wanted.views.find((one) => keyOf(one) === keyOf(question.of));
  const about = question.part === "view" ? `view ${labelOf(question.of)}` : `${question.part} ${question.name} of ${labelOf(question.of)}`;
  if (view !== undefined) return viewSteps(view, question, i, scratch, about, wanted);
  if (table === undefined) return [];
  const at = copyOf(table, scratch);
  const step = (sql: string) => [{ sql, about, rank: 0 }];
  switch (question.part) {
    case "column": {
      const column = table.columns.find(({ name }) => name === question.name);
      if (column?.generated !== undefined)
        return step(`ALTER TABLE ${quoteTable(at)} ADD COLUMN ${columnSql({ ...column, nullable: true }, at)}`);
      return column?.default === undefined
        ? []
        : step(`ALTER TABLE ${quoteTable(at)} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${column.default}`);
    }
    case "check": {
      const check = table.checks.find(({ name }) => name === question.name);
      return step(`ALTER TABLE ${quoteTable(at)} ADD CONSTRAINT ${quoteName(nickname(i))} CHECK (${check?.expression})`);
    }
    case "exclusion": {
      const exclusion = table.exclusions.find(({ name }) => name === question.name);
      return step(`ALTER TABLE ${quoteTable(at)} ADD CONSTRAINT ${quoteName(nickname(i))} EXCLUDE ${exclusion?.expression}`);
    }
    case "index": {
      const index = table.indexes.find(({ name }) => name === question.name);
      return index === undefined ? [] : step(indexSql({ ...index, name: nickname(i) }, at));
    }
    case "view":
      return [];
  }
}

function viewSteps(
  view: View,
  question: Question,
  i: number,
  scratch: string,
  about: string,
  wanted: Schema,
): readonly (Step & { readonly rank: number })[] {
  const at = copyOf(view, scratch);
  // a view that names others comes after them
  const depth = wanted.views.filter(
    ({ name }) => name !== view.name && new RegExp(`\\b${name.replace(/\W/g, "\\$&")}\\b`).test(view.definition),
  ).length;
  if (question.part === "view") {
    const kind = view.materialized ? "MATERIALIZED VIEW" : "VIEW";
    return [
      { sql: `CREATE ${kind} ${quoteTable(at)} AS ${view.definition}${view.materialized ? " WITH NO DATA" : ""}`, about, rank: 1 + depth },
    ];
  }
  const index = view.indexes.find(({ name }) => name === question.name);
  return index === undefined ? [] : [{ sql: indexSql({ ...index, name: nickname(i) }, at), about, rank: 1 + wanted.views.length }];
}

/** Names of constraints and indexes are unique in a schema; those of several schemas meet here. */
const nickname = (i: number): string => `limbeck_question_${i}`;

function answers(made: Schema, questions: readonly Question[]): Prints {
  const found = new Map<string, NonNullable<ReturnType<typeof answer>>>();
  questions.forEach((question, i) => {
    const one = answer(made, question, nickname(i));
    if (one !== undefined) found.set(answerKey(question), one);
  });
  return found;
}

function answer(made: Schema, { of, part, name }: Question, nick: string) {
  const here = copyOf(nameOf(of), "").name;
  const table = made.tables.find((one) => one.name === here);
  const view = made.views.find((one) => one.name === here);
  switch (part) {
    case "column":
      return table?.columns.find((one) => one.name === name);
    case "check":
      return table?.checks.find((one) => one.name === nick);
    case "exclusion":
      return table?.exclusions.find((one) => one.name === nick);
    case "index":
      return [...(table?.indexes ?? []), ...(view?.indexes ?? [])].find((one) => one.name === nick);
    case "view":
      return view;
  }
}
