import type { Db, Server } from "../../../core/db.ts";
import { keyOf, type QualifiedName, type Schema, type Table, type View } from "../../../core/schema.ts";
import { introspect } from "../introspect/index.ts";
import { normalize } from "../normalize.ts";
import { quoted, scan } from "../scan.ts";
import { inScratchDatabases } from "./place.ts";
import type { Answer, Answers, Question } from "./questions.ts";
import { addCheck, addIndex, createStandIn, modifyColumn, requalified, type StandIn } from "./statements.ts";

/** Null: the session may not create a database. */
export async function askInDatabases(
  db: Db,
  server: Server,
  questions: readonly Question[],
  wanted: Schema,
  had: Schema,
): Promise<Answers | null> {
  const views = viewsFor(questions, wanted);
  const tables = tablesFor(questions, views, wanted, had);
  const schemas = [
    ...new Set([...tables.map(({ table }) => table), ...views].flatMap(({ schema }) => (schema === undefined ? [] : [schema]))),
  ];
  return inScratchDatabases(db, server, schemas.length + 1, async (names) => {
    const [home = "", ...others] = names;
    const there = new Map([[server.defaultSchema, home], ...schemas.map((schema, at): [string, string] => [schema, others[at] ?? ""])]);
    const place = (name: QualifiedName): string => `${quoted(there.get(name.schema ?? server.defaultSchema) ?? home)}.${quoted(name.name)}`;
    const refused = new Map<Question, string>();
    await db.query(`USE ${quoted(home)}`);
    await makeTables(db, server, tables, questions, place, refused);
    await makeViews(db, views, questions, place, there, refused);
    return readAnswers(db, server, questions, there, refused);
  });
}

async function readAnswers(
  db: Db,
  server: Server,
  questions: readonly Question[],
  there: ReadonlyMap<string, string>,
  refused: ReadonlyMap<Question, string>,
): Promise<Answers> {
  const [home = "", ...others] = there.values();
  const scratch: Server = { ...server, defaultSchema: home };
  const { schema } = await introspect(db, scratch, { schemas: others, ignore: [] });
  const { tables, views } = normalize(schema, scratch);
  const back = new Map([...there].map(([real, name]) => [name, real]));
  const at = (name: QualifiedName): string => keyOf(name.schema === undefined ? name : { ...name, schema: there.get(name.schema) ?? "" });
  const tableAt = new Map(tables.map((table) => [keyOf(table), table]));
  const viewAt = new Map(views.map((view) => [keyOf(view), view]));
  const answer = (question: Question): Answer => {
    const because = refused.get(question);
    if (because !== undefined) return { refused: because };
    if (question.kind === "view") {
      const view = viewAt.get(at(question.wanted));
      return view ? { is: { ...view, definition: requalified(view.definition, back) } } : { refused: "it could not be read back" };
    }
    const table = tableAt.get(at(question.table));
    const items = { column: table?.columns, check: table?.checks, index: table?.indexes }[question.kind];
    const is = items?.find((item) => item.name === question.wanted.name);
    return is ? { is } : { refused: "it could not be read back" };
  };
  return new Map(questions.map((question) => [question, answer(question)]));
}

type Place = (name: QualifiedName) => string;

/** All at once; when the server refuses, one by one, to know which. */
async function makeTables(
  db: Db,
  server: Server,
  tables: readonly StandIn[],
  questions: readonly Question[],
  place: Place,
  refused: Map<Question, string>,
): Promise<void> {
  try {
    await db.batch(tables.map((each) => createStandIn(each, place(each.table), server)));
  } catch {
    for (const each of tables) {
      const own = questions.filter((question) => question.kind !== "view" && keyOf(question.table) === keyOf(each.table));
      await makeTable(db, server, each, own, place(each.table), refused);
    }
  }
}

async function makeTable(
  db: Db,
  server: Server,
  standIn: StandIn,
  questions: readonly Question[],
  place: string,
  refused: Map<Question, string>,
): Promise<void> {
  const plain: StandIn = { ...standIn, columns: new Map(), checks: [], indexes: [] };
  try {
    await db.query(`DROP TABLE IF EXISTS ${place}`);
    await db.query(createStandIn(plain, place, server));
  } catch (error) {
    for (const question of questions) refused.set(question, messageOf(error));
    return;
  }
  for (const question of questions) {
    if (question.kind === "view") continue;
    const statement =
      question.kind === "column"
        ? modifyColumn(place, question.wanted)
        : question.kind === "check"
          ? addCheck(place, question.wanted)
          : addIndex(place, question.wanted);
    await db.query(statement).catch((error: unknown) => refused.set(question, messageOf(error)));
  }
}

/** A view that reads another one waits for it: whatever is left when nothing moves any more is refused. */
async function makeViews(
  db: Db,
  views: readonly View[],
  questions: readonly Question[],
  place: Place,
  there: ReadonlyMap<string, string>,
  refused: Map<Question, string>,
): Promise<void> {
  let waiting = views;
  let moved = true;
  const reasons = new Map<View, string>();
  while (moved && waiting.length > 0) {
    const still: View[] = [];
    for (const view of waiting) {
      try {
        await db.query(`CREATE VIEW ${place(view)} AS ${requalified(view.definition, there)}`);
      } catch (error) {
        reasons.set(view, messageOf(error));
        still.push(view);
      }
    }
    moved = still.length < waiting.length;
    waiting = still;
  }
  for (const question of questions) {
    const failed = question.kind === "view" && waiting.includes(question.wanted);
    if (failed) refused.set(question, reasons.get(question.wanted) ?? "it could not be created");
  }
}

function messageOf(error: unknown): string {
  return `the server refuses it: ${error instanceof Error ? error.message : String(error)}`;
}

/** The views that are asked about and those that they read. */
function viewsFor(questions: readonly Question[], wanted: Schema): readonly View[] {
  const found = new Set(questions.flatMap((question) => (question.kind === "view" ? [question.wanted] : [])));
  for (const view of found) {
    const words = wordsOf(view);
    for (const other of wanted.views) if (words.has(other.name.toLowerCase())) found.add(other);
  }
  return [...found];
}

function tablesFor(questions: readonly Question[], views: readonly View[], wanted: Schema, had: Schema): readonly StandIn[] {
  const before = new Map(had.tables.map((table) => [keyOf(table), table]));
  const asked = new Set(questions.flatMap((question) => (question.kind === "view" ? [] : [question.table])));
  const words = new Set(views.flatMap((view) => [...wordsOf(view)]));
  const known = new Set(wanted.tables.map(keyOf));
  const strangers = had.tables.filter((table) => !known.has(keyOf(table)));
  const tables = [...wanted.tables, ...strangers].filter((table) => asked.has(table) || words.has(table.name.toLowerCase()));
  return tables.map((table) => standInFor(table, before.get(keyOf(table)), questions));
}

export function standInFor(table: Table, there: Table | undefined, questions: readonly Question[]): StandIn {
  const own = questions.filter((question) => question.kind !== "view" && question.table === table);
  return {
    table: there === undefined ? table : { ...table, columns: inOrderOf(there, table) },
    columns: new Map(own.flatMap((question) => (question.kind === "column" ? [[question.wanted.name, question.wanted]] : []))),
    checks: own.flatMap((question) => (question.kind === "check" ? [question.wanted] : [])),
    indexes: own.flatMap((question) => (question.kind === "index" ? [question.wanted] : [])),
  };
}

/** `SELECT *` gives the columns in the order in which the real table has them. */
function inOrderOf(there: Table, table: Table): Table["columns"] {
  const places = new Map(there.columns.map((column, at) => [column.name, at]));
  const placeOf = (name: string): number => places.get(name) ?? places.size;
  return [...table.columns].sort((a, b) => placeOf(a.name) - placeOf(b.name));
}

function wordsOf(view: View): ReadonlySet<string> {
  return new Set(
    scan(view.definition).flatMap((token) => (token.kind === "name" || token.kind === "word" ? [token.value.toLowerCase()] : [])),
  );
}
