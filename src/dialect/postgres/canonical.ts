import type { Db, Server } from "../../core/db.ts";
import { type Column, keyOf, type Schema, type Table, type View } from "../../core/schema.ts";
import { typeNameOf } from "../../core/type-name.ts";
import type { Canonical } from "../dialect.ts";
import { ask } from "./scratch/ask.ts";
import { type Answer, asksType, type Question, questionsOf, subjectOf } from "./scratch/questions.ts";
import { reprinted } from "./scratch/reprint.ts";

/** The server's spelling of what differs, in a transaction of its own; nothing is asked when nothing does. */
export async function canonical(db: Db, server: Server, wanted: Schema, had: Schema): Promise<Canonical> {
  const questions = questionsOf(wanted, had);
  if (questions.length === 0) return { wanted, notCompared: [] };
  const printed = await ask(db, server, questions, wanted, had);
  const answers = await reprinted(db, server, printed, had, (texts) => withTexts(wanted, texts));
  return {
    wanted: answered(wanted, answers),
    notCompared: [...answers].flatMap(([question, answer]) =>
      "refused" in answer ? [{ what: subjectOf(question), because: answer.refused }] : [],
    ),
  };
}

function answered(wanted: Schema, answers: ReadonlyMap<Question, Answer>): Schema {
  const ownTypes = new Set(wanted.enums.map(typeNameOf));
  return withTexts(wanted, new Map([...answers].map(([question, answer]) => [question, resolved(question, answer, ownTypes)])));
}

/** The schema with other texts for what the questions are about. */
function withTexts(wanted: Schema, texts: ReadonlyMap<Question, Question["wanted"]>): Schema {
  const replacements = new Map<unknown, unknown>();
  const definitions = new Map<View, string>();
  const touched = new Set<string>();
  for (const [question, text] of texts) {
    if (question.kind === "view") definitions.set(question.wanted, (text as View).definition);
    else replacements.set(question.wanted, text);
    touched.add(keyOf(question.on));
  }
  const put = <T>(item: T): T => (replacements.get(item) as T | undefined) ?? item;
  const putTable = (table: Table): Table => ({
    ...table,
    columns: table.columns.map(put),
    indexes: table.indexes.map(put),
    checks: table.checks.map(put),
    exclusions: table.exclusions.map(put),
  });
  return {
    ...wanted,
    tables: wanted.tables.map((table) => (touched.has(keyOf(table)) ? putTable(table) : table)),
    views: wanted.views.map((view): View => {
      const definition = definitions.get(view) ?? view.definition;
      return touched.has(keyOf(view)) ? { ...view, definition, indexes: view.indexes.map(put) } : view;
    }),
  };
}

function resolved(question: Question, answer: Answer, ownTypes: ReadonlySet<string>): Question["wanted"] {
  if (question.kind === "view") return inItsAuthorsWords(question.wanted, question.had, answer);
  if (question.kind !== "column")
    return "refused" in answer ? (question.had ?? question.wanted) : { ...question.wanted, ...textsOf(answer.is) };
  return inItsWords(question.wanted, "refused" in answer ? question.had : (answer.is as Column), question.had, ownTypes);
}

/**
 * A view that is really another one keeps the words of its author, for the reviewer, and for TypeORM, which remembers them and compares.
 * One that could not be compared stays as it is.
 */
function inItsAuthorsWords(wanted: View, had: View, answer: Answer): View {
  const isSame = "refused" in answer || (answer.is as View).definition === had.definition;
  return isSame ? { ...wanted, definition: had.definition } : wanted;
}

/** The parts of a check, an exclusion or an index that hold a text. */
function textsOf(item: Question["wanted"]): object {
  if ("expression" in item) return { expression: item.expression };
  if (!("columns" in item)) return {};
  return { columns: item.columns, ...("where" in item && item.where !== undefined && { where: item.where }) };
}

/** A generated column, too, is remembered by TypeORM in its author's words. */
function inItsWords(wanted: Column, is: Column, had: Column, ownTypes: ReadonlySet<string>): Column {
  const isSame = is.generated !== undefined && is.generated.expression === had.generated?.expression;
  return {
    ...wanted,
    type: asksType(wanted, had, ownTypes) ? is.type : wanted.type,
    ...(wanted.default !== undefined && is.default !== undefined && { default: is.default }),
    ...(wanted.generated && isSame && { generated: { ...wanted.generated, expression: is.generated.expression } }),
  };
}
