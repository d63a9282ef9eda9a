import type { Db, Server } from "../../../core/db.ts";
import { keyOf, type QualifiedName, type Schema } from "../../../core/schema.ts";
import { schemaOf } from "../introspect/index.ts";
import { readCatalogue } from "../introspect/rows.ts";
import { normalize } from "../normalize.ts";
import { quoteLiteral, quoteName } from "../quote.ts";
import { type Needs, needsOf } from "./needs.ts";
import { makePlace, type Place } from "./place.ts";
import type { Answer, Question } from "./questions.ts";
import { answerName, make, stepsOf } from "./steps.ts";

/** Makes what is asked about beside the real thing, reads how the server prints it, and takes everything back. */
export async function ask(
  db: Db,
  server: Server,
  questions: readonly Question[],
  wanted: Schema,
  had: Schema,
): Promise<ReadonlyMap<Question, Answer>> {
  const needs = needsOf(questions, wanted, had);
  await db.batch(["BEGIN"]);
  try {
    return await askInTransaction(db, server, questions, needs);
  } finally {
    await db.batch(["ROLLBACK"]);
  }
}

async function askInTransaction(
  db: Db,
  server: Server,
  questions: readonly Question[],
  needs: Needs,
): Promise<ReadonlyMap<Question, Answer>> {
  const failures = new Map<Question, string>();
  await make(
    db,
    needs.extensions.map((name) => ({ sql: `CREATE EXTENSION IF NOT EXISTS ${quoteName(name)}` })),
    failures,
  );
  const others = new Set([...needs.tables, ...needs.views, ...needs.enums].flatMap(({ schema }) => schema ?? []));
  const place = await makePlace(db, server, [undefined, ...others]);
  if (place === null)
    return new Map(questions.map((question) => [question, { refused: "nothing may be made on this server to compare with" }]));
  const first = quoteLiteral(`${quoteName(place.schemas[0] ?? "")}, `);
  await db.batch([`SELECT set_config('search_path', ${first} || current_setting('search_path'), true)`]);
  await make(db, stepsOf(questions, needs, place, server), failures);
  const catalogue = await readCatalogue(db, server, { schemas: place.schemas, inTransaction: true });
  const { schema } = schemaOf(catalogue, { ignore: [] });
  const printed = normalize(withRealNames(schema, place), server);
  return new Map(questions.map((question, at) => [question, answerOf(question, at, printed, place, failures)]));
}

/** The texts with the real names in them; the objects stay where they were made. */
function withRealNames<T>(value: T, place: Place): T {
  if (typeof value === "string") return place.real(value) as T;
  if (Array.isArray(value)) return value.map((item) => withRealNames(item, place)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withRealNames(item, place)])) as T;
}

function answerOf(question: Question, number: number, printed: Schema, place: Place, failures: ReadonlyMap<Question, string>): Answer {
  const refused = failures.get(question);
  if (refused !== undefined) return { refused };
  const at = place.at(question.on);
  if (at === undefined) return { refused: "comparing outside of the default schema needs the right to create a schema" };
  const is = foundIn(question, answerName(number), printed, at);
  return is === undefined ? { refused: "the server does not show it" } : { is };
}

function foundIn(question: Question, name: string, { tables, views }: Schema, at: QualifiedName): Question["wanted"] | undefined {
  const table = tables.find((one) => keyOf(one) === keyOf(at));
  const view = views.find((one) => keyOf(one) === keyOf(at));
  const named = <T extends { readonly name: string }>(items: readonly T[] | undefined, wanted: string): T | undefined =>
    items?.find((item) => item.name === wanted);
  switch (question.kind) {
    case "view":
      return view;
    case "index":
      return named((table ?? view)?.indexes, name);
    case "column":
      return named(table?.columns, question.wanted.name);
    case "check":
      return named(table?.checks, name);
    case "exclusion":
      return named(table?.exclusions, name);
  }
}
