import type { Db, Server } from "../../../core/db.ts";
import { type Column, keyOf, type QualifiedName, type Table } from "../../../core/schema.ts";
import { collationSql } from "../compile/column.ts";
import { checkSql, exclusionSql } from "../compile/constraints.ts";
import { indexSql } from "../compile/index-sql.ts";
import { quoteLiteral, quoteName, quoteNames, quoteTable } from "../quote.ts";
import { withoutEnd } from "../scan.ts";
import type { Needs } from "./needs.ts";
import { inPlace, type Place } from "./place.ts";
import type { Question } from "./questions.ts";

/** One statement in the scratch place. */
export interface Step {
  readonly sql: string;
  /** what cannot be answered when it fails */
  readonly question?: Question;
  /** in smaller pieces, when it fails */
  readonly pieces?: readonly Step[];
}

/** Where the answer to the question stands: under a name that nothing else has. */
export const answerName = (at: number): string => `limbeck_answer_${at}`;

export function stepsOf(questions: readonly Question[], needs: Needs, place: Place, server: Server): readonly Step[] {
  const made = new Set([...needs.enums, ...needs.tables, ...needs.views].map(keyOf));
  const local = (sql: string): string => inPlace(sql, place, made, server);
  const each = (kind: Question["kind"], make: (question: Question, at: string, name: string) => readonly string[]): readonly Step[] =>
    questions.flatMap((question, number) => {
      const at = place.at(question.on);
      if (question.kind !== kind || at === undefined) return [];
      return make(question, quoteTable(at), answerName(number)).map((sql) => ({ sql, question }));
    });
  const asked = new Map(questions.flatMap((question) => (question.kind === "column" ? [[question.wanted, question]] : [])));
  return [
    ...needs.enums.flatMap((type) =>
      placed(place, type, (at) => `CREATE TYPE ${at} AS ENUM (${type.values.map(quoteLiteral).join(", ")})`),
    ),
    ...needs.tables.flatMap((table) => tableSteps(table, place, local, asked)),
    ...each("column", ({ wanted }, at) => columnSteps(wanted as Column, at, local)),
    ...each("check", (question, at, name) =>
      question.kind === "check" ? [`ALTER TABLE ${at} ADD ${checkSql({ name, expression: local(question.wanted.expression) })}`] : [],
    ),
    ...each("exclusion", (question, at, name) =>
      question.kind === "exclusion"
        ? [`ALTER TABLE ${at} ADD ${exclusionSql({ name, expression: local(question.wanted.expression) })}`]
        : [],
    ),
    ...needs.views.flatMap((view) => {
      const question = questions.find((one) => one.kind === "view" && keyOf(one.on) === keyOf(view));
      const [kind, end] = view.materialized ? ["MATERIALIZED VIEW", "\nWITH NO DATA"] : ["VIEW", ""];
      return placed(place, view, (at) => `CREATE ${kind} ${at} AS ${local(withoutEnd(view.definition))}${end}`, question);
    }),
    ...each("index", (question, _, name) => (question.kind === "index" ? indexStep(question, name, place, local) : [])),
  ];
}

function placed(place: Place, name: QualifiedName, sql: (at: string) => string, question?: Question): readonly Step[] {
  const at = place.at(name);
  return at === undefined ? [] : [{ sql: sql(quoteTable(at)), ...(question && { question }) }];
}

type Local = (sql: string) => string;

/** Names and types are what expressions need, and the key for a view that groups by it; a generated column in question comes by itself. */
function tableSteps(table: Table, place: Place, local: Local, asked: ReadonlyMap<Column, Question>): readonly Step[] {
  const columns = table.columns.filter((column) => column.generated === undefined || !asked.has(column));
  const names = new Set(columns.map(({ name }) => name));
  const key = table.primaryKey?.columns.every((name) => names.has(name)) ? [`PRIMARY KEY (${quoteNames(table.primaryKey.columns)})`] : [];
  const spelled = (column: Column): string => typed(column, local);
  const at = place.at(table);
  if (at === undefined) return [];
  const name = quoteTable(at);
  return [
    {
      sql: `CREATE TABLE ${name} (${[...columns.map(spelled), ...key].join(", ")})`,
      pieces: [
        { sql: `CREATE TABLE ${name} ()` },
        ...columns.map((column): Step => {
          const question = asked.get(column);
          return { sql: `ALTER TABLE ${name} ADD COLUMN ${spelled(column)}`, ...(question && { question }) };
        }),
        ...key.map((sql) => ({ sql: `ALTER TABLE ${name} ADD ${sql}` })),
      ],
    },
  ];
}

function typed({ name, type, collation }: Column, local: Local): string {
  return `${quoteName(name)} ${local(type)}${collation === undefined ? "" : ` COLLATE ${collationSql(collation)}`}`;
}

function columnSteps(column: Column, at: string, local: Local): readonly string[] {
  const { name, default: value, generated } = column;
  if (generated !== undefined) {
    const kind = generated.stored ? "STORED" : "VIRTUAL";
    return [`ALTER TABLE ${at} ADD COLUMN ${typed(column, local)} GENERATED ALWAYS AS (${local(generated.expression)}) ${kind}`];
  }
  return value === undefined ? [] : [`ALTER TABLE ${at} ALTER COLUMN ${quoteName(name)} SET DEFAULT ${local(value)}`];
}

function indexStep({ on, wanted }: Extract<Question, { kind: "index" }>, name: string, place: Place, local: Local): readonly string[] {
  const { where, comment: _, ...index } = wanted;
  const columns = index.columns.map((part) =>
    typeof part === "string" || part.expression === undefined ? part : { ...part, expression: local(part.expression) },
  );
  const at = place.at(on);
  return at === undefined ? [] : [indexSql({ ...index, name, columns, ...(where !== undefined && { where: local(where) }) }, at)];
}

/** Makes all that can be made, and tells why the rest cannot. What fails is found by halving. */
export async function make(db: Db, steps: readonly Step[], failures: Map<Question, string>): Promise<void> {
  if (steps.length === 0) return;
  // by itself: of statements that are sent together none runs when one cannot even be parsed
  await db.batch(["SAVEPOINT step"]);
  try {
    // a text may end in a comment
    await db.batch([...steps.map(({ sql }) => `${sql}\n`), "RELEASE step"]);
  } catch (error) {
    await db.batch(["ROLLBACK TO step", "RELEASE step"]);
    const [first] = steps;
    if (steps.length > 1 || first === undefined) {
      const half = Math.ceil(steps.length / 2);
      await make(db, steps.slice(0, half), failures);
      await make(db, steps.slice(half), failures);
    } else if (first.pieces !== undefined) {
      await make(db, first.pieces, failures);
    } else if (first.question !== undefined && !failures.has(first.question)) {
      failures.set(first.question, error instanceof Error ? error.message : String(error));
    }
  }
}
