import type { Db, Server } from "../../core/db.ts";
import { type Column, keyOf, type Schema, type Table, type View } from "../../core/schema.ts";
import type { Canonical, NotCompared } from "../dialect.ts";
import { askInDatabases } from "./scratch/databases.ts";
import { type Answer, type Answers, type Question, questionsOf, subjectOf } from "./scratch/questions.ts";
import { askInTemporaryTables } from "./scratch/temporary.ts";
import { settle, shownAs } from "./settle.ts";

/** The server's spelling of what differs; nothing is asked when nothing does. */
export async function canonical(db: Db, server: Server, wanted: Schema, had: Schema): Promise<Canonical> {
  const settled = settle(wanted, had, server);
  const questions = questionsOf(settled, had);
  if (questions.length === 0) return { wanted: settled, notCompared: [] };
  const answers = (await askInDatabases(db, server, questions, settled, had)) ?? (await askInTemporaryTables(db, server, questions));
  return { wanted: settle(answered(settled, answers), had, server), notCompared: refusals(answers) };
}

function refusals(answers: Answers): readonly NotCompared[] {
  return [...answers].flatMap(([question, answer]) =>
    "refused" in answer ? [{ what: subjectOf(question), because: answer.refused }] : [],
  );
}

function answered(wanted: Schema, answers: Answers): Schema {
  const replacements = new Map<unknown, unknown>();
  for (const [question, answer] of answers) replacements.set(question.wanted, resolved(question, answer));
  const put = <T>(item: T): T => (replacements.get(item) as T | undefined) ?? item;
  const tables = new Set([...answers.keys()].flatMap((question) => (question.kind === "view" ? [] : [keyOf(question.table)])));
  return {
    ...wanted,
    tables: wanted.tables.map((table): Table => {
      if (!tables.has(keyOf(table))) return table;
      return { ...table, columns: table.columns.map(put), checks: table.checks.map(put), indexes: table.indexes.map(put) };
    }),
    views: wanted.views.map(put),
  };
}

/** What could not be compared stays as it is. */
function resolved(question: Question, answer: Answer): Question["wanted"] {
  if ("refused" in answer) return question.kind === "column" ? leftAlone(question) : (question.had ?? question.wanted);
  // a changed text stays in its author's words, which TypeORM remembers
  if (question.kind === "view")
    return (answer.is as View).definition === question.had.definition
      ? { ...question.wanted, definition: question.had.definition }
      : question.wanted;
  return question.kind === "column" ? inItsWords(question.wanted, answer.is as Column, question.had) : answer.is;
}

function leftAlone({ wanted, had }: Extract<Question, { kind: "column" }>): Column {
  const { nullable, comment, autoIncrement } = wanted;
  const { nullable: _, comment: __, autoIncrement: ___, ...texts } = had;
  return { ...texts, ...(nullable && { nullable }), ...(autoIncrement && { autoIncrement }), ...(comment && { comment }) };
}

function inItsWords(wanted: Column, is: Column, had: Column): Column {
  const { default: _, generated: __, charset: ___, collation: ____, ...rest } = wanted;
  // the dictionary shows question marks for what it can't show: then our own words are the better ones
  const type = shownAs(wanted.type) === is.type ? wanted.type : is.type;
  return {
    ...rest,
    type,
    ...(is.default !== undefined && { default: is.default }),
    ...(is.generated && {
      generated: is.generated.expression === had.generated?.expression ? is.generated : (wanted.generated ?? is.generated),
    }),
    ...(is.charset && { charset: is.charset }),
    ...(is.collation && { collation: is.collation }),
  };
}
