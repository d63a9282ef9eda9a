import { describe, expect, it } from "vitest";
import type { Db, Server } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import { reverseAll } from "../../src/core/operations/index.ts";
import type { Schema } from "../../src/core/schema.ts";
import { mysql } from "../../src/dialect/mysql/index.ts";
import { postgres } from "../../src/dialect/postgres/index.ts";
import { diff } from "../../src/diff/diff.ts";
import { type Answers, resolve } from "../../src/diff/resolve.ts";
import { type Engine, engines, useDatabase } from "../support/databases.ts";
import * as my from "../support/mysql-compile.ts";
import * as pg from "../support/postgres-compile.ts";

interface Case {
  readonly what: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly answers: Answers;
  /** what must stand in the table afterwards */
  readonly shows: readonly [sql: string, rows: readonly Record<string, string | null>[]];
  readonly only?: Engine;
}

const table = (name: string, ...more: readonly string[]) =>
  `CREATE TABLE ${name} (id int PRIMARY KEY${more.map((one) => `, ${one}`).join("")})`;
const tests: Answers = { renameTables: [{ from: "exams", to: "tests" }] };
const points: Answers = { renames: [{ table: "exams", from: "points", to: "score" }] };
const both: Answers = { ...tests, renames: [{ table: "tests", from: "points", to: "score" }] };

const cases: readonly Case[] = [
  {
    what: "a table whose column gets another type under a computed one",
    before: [
      table("exams", "points int NOT NULL", "doubled bigint GENERATED ALWAYS AS (points * 2) STORED"),
      "INSERT INTO exams (id, points) VALUES (1, 3)",
    ],
    after: [table("tests", "points bigint NOT NULL", "doubled bigint GENERATED ALWAYS AS (points * 2) STORED")],
    answers: tests,
    shows: ["SELECT points, doubled FROM tests", [{ points: "3", doubled: "6" }]],
  },
  {
    what: "a column that gets another type under a computed one",
    before: [
      table("exams", "points int NOT NULL", "doubled bigint GENERATED ALWAYS AS (points * 2) STORED"),
      "INSERT INTO exams (id, points) VALUES (1, 3)",
    ],
    after: [table("exams", "score bigint NOT NULL", "doubled bigint GENERATED ALWAYS AS (score * 2) STORED")],
    answers: points,
    shows: ["SELECT score, doubled FROM exams", [{ score: "3", doubled: "6" }]],
  },
  {
    what: "a column under a computed one, both as they were",
    before: [
      table("exams", "points int NOT NULL", "doubled bigint GENERATED ALWAYS AS (points * 2) STORED"),
      "INSERT INTO exams (id, points) VALUES (1, 3)",
    ],
    after: [table("exams", "score int NOT NULL", "doubled bigint GENERATED ALWAYS AS (score * 2) STORED")],
    answers: points,
    shows: ["SELECT score, doubled FROM exams", [{ score: "3", doubled: "6" }]],
  },
  {
    what: "table and column at once, with a check, an index and a unique",
    before: [
      table("exams", "points int NOT NULL", "CONSTRAINT ck_points CHECK (points > 0)", "CONSTRAINT uq_points UNIQUE (points)"),
      "CREATE INDEX ix_points ON exams (points, id)",
      "INSERT INTO exams (id, points) VALUES (1, 3)",
    ],
    after: [
      table("tests", "score bigint NOT NULL", "CONSTRAINT ck_score CHECK (score > 0)", "CONSTRAINT uq_score UNIQUE (score)"),
      "CREATE INDEX ix_score ON tests (score, id)",
    ],
    answers: both,
    shows: ["SELECT score FROM tests", [{ score: "3" }]],
  },
  {
    what: "a table that others point to, whose key gets another type",
    before: [
      table("exams", "title varchar(20)"),
      table("answers", "exam_id int NOT NULL", "CONSTRAINT fk_exam FOREIGN KEY (exam_id) REFERENCES exams (id)"),
      "CREATE INDEX ix_exam ON answers (exam_id)",
      "INSERT INTO exams (id, title) VALUES (1, 'a')",
      "INSERT INTO answers (id, exam_id) VALUES (1, 1)",
    ],
    after: [
      "CREATE TABLE tests (id bigint PRIMARY KEY, title varchar(20))",
      table("answers", "exam_id bigint NOT NULL", "CONSTRAINT fk_exam FOREIGN KEY (exam_id) REFERENCES tests (id)"),
      "CREATE INDEX ix_exam ON answers (exam_id)",
    ],
    answers: tests,
    shows: ["SELECT title, exam_id FROM tests JOIN answers ON exam_id = tests.id", [{ title: "a", exam_id: "1" }]],
  },
  {
    what: "two tables that point to one another, both renamed and retyped",
    before: [
      table("exams", "parent int", "CONSTRAINT fk_parent FOREIGN KEY (parent) REFERENCES exams (id)"),
      table("answers", "exam_id int", "CONSTRAINT fk_exam FOREIGN KEY (exam_id) REFERENCES exams (id)"),
      "INSERT INTO exams (id, parent) VALUES (1, 1)",
      "INSERT INTO answers (id, exam_id) VALUES (1, 1)",
    ],
    after: [
      "CREATE TABLE tests (id bigint PRIMARY KEY, parent bigint, CONSTRAINT fk_up FOREIGN KEY (parent) REFERENCES tests (id))",
      table("replies", "test_id bigint", "CONSTRAINT fk_test FOREIGN KEY (test_id) REFERENCES tests (id)"),
    ],
    answers: {
      renameTables: [
        { from: "exams", to: "tests" },
        { from: "answers", to: "replies" },
      ],
      renames: [{ table: "replies", from: "exam_id", to: "test_id" }],
    },
    shows: ["SELECT test_id, parent FROM tests JOIN replies ON test_id = tests.id", [{ test_id: "1", parent: "1" }]],
  },
  {
    what: "a table under a view, with a column that gets another type",
    before: [table("exams", "points int NOT NULL"), "CREATE VIEW best AS SELECT id, points FROM exams", "INSERT INTO exams VALUES (1, 3)"],
    after: [table("tests", "points bigint NOT NULL"), "CREATE VIEW best AS SELECT id, points FROM tests"],
    answers: tests,
    shows: ["SELECT points FROM best", [{ points: "3" }]],
  },
  {
    what: "a column under a view, that gets another type",
    before: [table("exams", "points int NOT NULL"), "CREATE VIEW best AS SELECT id, points FROM exams", "INSERT INTO exams VALUES (1, 3)"],
    after: [table("exams", "score bigint NOT NULL"), "CREATE VIEW best AS SELECT id, score FROM exams"],
    answers: points,
    shows: ["SELECT score FROM best", [{ score: "3" }]],
  },
  {
    what: "a table whose enum's values change under what is said of them",
    before: [
      "CREATE TYPE mood AS ENUM ('sad', 'glad')",
      table("exams", "mood mood NOT NULL DEFAULT 'sad'", "CONSTRAINT ck CHECK (mood <> 'sad' OR id > 0)"),
      "CREATE INDEX ix ON exams (id) WHERE mood = 'glad'",
      "INSERT INTO exams VALUES (1, 'glad')",
    ],
    after: [
      "CREATE TYPE mood AS ENUM ('glad', 'sad', 'mad')",
      table("tests", "mood mood NOT NULL DEFAULT 'glad'", "CONSTRAINT ck CHECK (mood <> 'sad' OR id > 0)"),
      "CREATE INDEX ix ON tests (id) WHERE mood = 'glad'",
    ],
    answers: tests,
    shows: ["SELECT mood FROM tests", [{ mood: "glad" }]],
    only: "postgres",
  },
  {
    what: "a table whose column gets another enum under what is said of it",
    before: [
      "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE temper AS ENUM ('glad', 'sad', 'mad'); CREATE TABLE keep (a mood, b temper)",
      table(
        "exams",
        "mood mood NOT NULL DEFAULT 'sad'",
        "fine boolean GENERATED ALWAYS AS (mood = 'glad') STORED",
        "CONSTRAINT ck CHECK (mood <> 'sad' OR id > 0)",
      ),
      "CREATE INDEX ix ON exams (id) WHERE mood = 'glad' AND fine",
      "INSERT INTO exams VALUES (1, 'glad')",
    ],
    after: [
      "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE temper AS ENUM ('glad', 'sad', 'mad'); CREATE TABLE keep (a mood, b temper)",
      table(
        "tests",
        "mood temper NOT NULL DEFAULT 'glad'",
        "fine boolean GENERATED ALWAYS AS (mood = 'glad') STORED",
        "CONSTRAINT ck CHECK (mood <> 'sad' OR id > 0)",
      ),
      "CREATE INDEX ix ON tests (id) WHERE mood = 'glad' AND fine",
    ],
    answers: tests,
    shows: ["SELECT mood, fine::text FROM tests", [{ mood: "glad", fine: "true" }]],
    only: "postgres",
  },
  {
    what: "a column that gets another enum under what is said of it",
    before: [
      "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE temper AS ENUM ('glad', 'sad', 'mad'); CREATE TABLE keep (a mood, b temper)",
      table(
        "exams",
        "points mood NOT NULL DEFAULT 'sad'",
        "fine boolean GENERATED ALWAYS AS (points = 'glad') STORED",
        "CONSTRAINT ck CHECK (points <> 'sad' OR id > 0)",
      ),
      "CREATE INDEX ix ON exams (id) WHERE points = 'glad' AND fine",
      "INSERT INTO exams VALUES (1, 'glad')",
    ],
    after: [
      "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TYPE temper AS ENUM ('glad', 'sad', 'mad'); CREATE TABLE keep (a mood, b temper)",
      table(
        "exams",
        "score temper NOT NULL DEFAULT 'glad'",
        "fine boolean GENERATED ALWAYS AS (score = 'glad') STORED",
        "CONSTRAINT ck CHECK (score <> 'sad' OR id > 0)",
      ),
      "CREATE INDEX ix ON exams (id) WHERE score = 'glad' AND fine",
    ],
    answers: points,
    shows: ["SELECT score, fine::text FROM exams", [{ score: "glad", fine: "true" }]],
    only: "postgres",
  },
];

const dialects = { postgres, mysql };

describe.each(engines)("what is renamed and changes besides, on %s", (engine) => {
  const database = useDatabase(engine);
  const { rules } = dialects[engine];

  async function build(statements: readonly string[]): Promise<Schema> {
    if (engine === "postgres") await pg.reset(database.db, statements);
    else await my.reset(database.db, database.name, statements);
    return now();
  }
  async function now(): Promise<Schema> {
    const { db } = database;
    const server: Server = await dialects[engine].identify(db);
    return dialects[engine].normalize((await dialects[engine].introspect(db, server, { schemas: [], ignore: [] })).schema, server);
  }
  const send = (db: Db, operations: readonly Operation[]) => (engine === "postgres" ? pg.apply(db, operations) : my.apply(db, operations));
  const dump = () => (engine === "postgres" ? pg.dump(database) : my.dump(database.db));
  const difference = (from: Schema, to: Schema) => diff(from, to, { rules, known: from, names: true });

  it.each(cases.filter(({ only }) => only === undefined || only === engine).map((one) => [one.what, one] as const))(
    "%s",
    async (_, { before, after, answers, shows: [sql, rows] }) => {
      const wanted = await build(after);
      const had = await build(before);
      const start = await dump();
      const found = difference(had, wanted);
      const { operations, review } = resolve(found.operations, found.review, answers, { rules });
      expect(review).toEqual([]);
      expect(operations.filter(({ kind }) => kind === "dropTable")).toEqual([]);
      await send(database.db, operations);
      expect(await database.db.query(sql)).toEqual(rows);
      expect(difference(await now(), wanted).operations).toEqual([]);
      await send(database.db, reverseAll(operations).operations);
      expect(await dump()).toEqual(start);
    },
  );
});
