import type { Db, Server } from "../../../core/db.ts";
import { keyOf, type Schema } from "../../../core/schema.ts";
import { tokensOf } from "../scan.ts";
import { ask } from "./ask.ts";
import { type Answer, type Question, questionsOf } from "./questions.ts";

type Answers = ReadonlyMap<Question, Answer>;
/** A schema in which each of these questions has another text. */
export type Put = (texts: ReadonlyMap<Question, Question["wanted"]>) => Schema;

/**
 * What the server prints of a text it may print differently once it has read that: a list over a varchar column, after a dump was restored or a type has
 * changed. Where two texts differ in signs alone both are printed once more; those that are the same then have been the same all along.
 */
export async function reprinted(db: Db, server: Server, answers: Answers, had: Schema, put: Put): Promise<Answers> {
  const open = [...answers].flatMap(([question, answer]) => {
    const alike = question.had !== undefined && "is" in answer && differInSigns(textOf(answer.is), textOf(question.had));
    return alike ? [{ question, is: answer.is, had: question.had }] : [];
  });
  if (open.length === 0) return answers;
  const is = put(new Map(open.map((one) => [one.question, withTexts(one.question.wanted, one.is)])));
  const was = put(new Map(open.map((one) => [one.question, withTexts(one.question.wanted, one.had)])));
  const first = textsBy(await ask(db, server, questionsOf(is, was), is, had));
  const second = textsBy(await ask(db, server, questionsOf(was, is), was, had));
  const same = open.filter(({ question }) => {
    const text = first.get(subject(question));
    return text !== undefined && text === second.get(subject(question));
  });
  return new Map([...answers, ...same.map((one) => [one.question, { is: withTexts(one.is, one.had) }] as const)]);
}

const subject = ({ kind, on, wanted: { name } }: Question): string => [kind, keyOf(on), name].join("\u0000");

const textsBy = (answers: Answers): ReadonlyMap<string, string> =>
  new Map([...answers].flatMap(([question, answer]) => ("is" in answer ? [[subject(question), textOf(answer.is)] as const] : [])));

/** The text of what is asked about, also as a part of it. */
function textsIn(item: Question["wanted"]): object {
  if ("definition" in item) return { definition: item.definition };
  if ("expression" in item) return { expression: item.expression };
  if ("columns" in item) return { columns: item.columns, ...("where" in item && item.where !== undefined && { where: item.where }) };
  return { ...("generated" in item && { generated: item.generated }), ...("default" in item && { default: item.default }) };
}

const textOf = (item: Question["wanted"]): string => JSON.stringify(textsIn(item));
const withTexts = (item: Question["wanted"], texts: Question["wanted"]): Question["wanted"] =>
  ({ ...item, ...textsIn(texts) }) as Question["wanted"];

/** The same words, names and values, put together in another way. */
function differInSigns(a: string, b: string): boolean {
  return a !== b && wordsIn(a) === wordsIn(b);
}

function wordsIn(json: string): string {
  const words = tokensOf(json.replaceAll(/[\\"]/g, " ")).flatMap(({ kind, text }) => (kind === "space" || kind === "sign" ? [] : text));
  return JSON.stringify([...new Set(words)].sort());
}
