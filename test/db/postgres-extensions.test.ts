import { beforeAll, describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import type { Column } from "../../src/core/schema.ts";
import { prechecks } from "../../src/dialect/postgres/prechecks/index.ts";
import { rules } from "../../src/dialect/postgres/rules.ts";
import { engines, useDatabase } from "../support/databases.ts";
import { apply, serverOf } from "../support/postgres-compile.ts";

interface Case {
  readonly from: string;
  readonly to: string;
  readonly values: readonly string[];
  /** which of them do not become the new type */
  readonly refused: readonly string[];
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  postgis: [
    {
      from: "geometry",
      to: "geometry(Point,4326)",
      values: ["SRID=4326;POINT(1 2)", "POINT(1 2)", "SRID=3857;POINT(1 2)", "SRID=4326;LINESTRING(0 0,1 1)"],
      refused: ["SRID=3857;POINT(1 2)", "SRID=4326;LINESTRING(0 0,1 1)"],
    },
    { from: "geometry(Point,4326)", to: "geometry(Geometry,4326)", values: ["SRID=4326;POINT(1 2)"], refused: [] },
    { from: "geography", to: "geography(Polygon,4326)", values: ["POINT(1 2)", "POLYGON((0 0,1 1,1 0,0 0))"], refused: ["POINT(1 2)"] },
    { from: "geometry(Point,4326)", to: "geography(Point,4326)", values: ["SRID=4326;POINT(1 2)"], refused: [] },
  ],
  vector: [
    { from: "vector", to: "vector(2)", values: ["[1,2]", "[1,2,3]"], refused: ["[1,2,3]"] },
    { from: "vector(3)", to: "halfvec(3)", values: ["[1,2,3]"], refused: [] },
    { from: "halfvec(3)", to: "halfvec(4)", values: ["[1,2,3]"], refused: ["[1,2,3]"] },
  ],
};

const column = (type: string): Column => ({ name: "c", type, nullable: true });

describe.runIf(engines.includes("postgres")).each(Object.keys(cases))("a change of type that needs %s", (extension) => {
  const database = useDatabase("postgres");
  let isThere = false;
  beforeAll(async () => {
    isThere = (await database.db.query(`SELECT FROM pg_available_extensions WHERE name = '${extension}'`)).length > 0;
    if (isThere) await database.db.query(`CREATE EXTENSION ${extension}`);
  });

  it.each(cases[extension] ?? [])("from $from to $to asks for the values that the server would refuse", async (one) => {
    if (!isThere) return console.warn(`not run: the server has no ${extension}`);
    const { db } = database;
    const conversion = rules.conversion(column(one.from), column(one.to));
    const using = conversion.kind === "using" ? { using: conversion.expression } : {};
    const operation: Operation = { kind: "alterColumn", table: "t", from: column(one.from), to: column(one.to), ...using };
    const refused: string[] = [];
    for (const value of one.values) {
      await db.query(`DROP TABLE IF EXISTS t; CREATE TABLE t (c ${one.from}); INSERT INTO t VALUES ('${value}')`);
      const asked = prechecks([operation], { server: await serverOf(db) }).filter(({ about }) => about !== "server");
      const counts = await Promise.all(asked.map(async ({ sql }) => (await db.query(sql))[0]?.count));
      const done = await apply(db, [operation]).then(
        () => true,
        () => false,
      );
      expect(counts.some((count) => count !== "0")).toBe(!done);
      if (!done) refused.push(value);
    }
    expect(refused).toEqual(one.refused);
  });
});

describe("another reference system", () => {
  it("is asked about: the same coordinates are another place", () => {
    expect(rules.conversion(column("geometry(Point,4326)"), column("geometry(Point,3857)"))).toEqual({
      kind: "ask",
      because: "coordinates of SRID 4326 are others in SRID 3857",
      guess: 'ST_Transform("c"::geometry, 3857)::geometry(Point,3857)',
    });
  });
});
