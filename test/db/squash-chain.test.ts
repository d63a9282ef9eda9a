import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/core/operation.ts";
import { apply, reverseAll } from "../../src/core/operations/index.ts";
import { type Column, emptySchema, type Schema, type Table } from "../../src/core/schema.ts";
import { writeRevision } from "../../src/revision/write/index.ts";
import { type Engine, engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const length = 100;
const none = { uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };

/** The same chain each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A change that fits what is there: structure of every kind, and now and then a step on rows. */
function change(schema: Schema, engine: Engine, next: (below: number) => number, n: number): readonly Operation[] {
  const [int, text] = engine === "postgres" ? ["integer", "character varying"] : ["int", "varchar"];
  const tables = schema.tables;
  const table = tables[next(Math.max(1, tables.length))];
  const kind = next(12);
  if (table === undefined || (kind === 0 && tables.length < 6)) {
    const id: Column = { name: "id", type: int, autoIncrement: true };
    const columns = [id, { name: "a", type: `${text}(20)`, nullable: true as const }, { name: "n", type: int, default: "1" }];
    const name = `t${n}`;
    const definition: Table = {
      name,
      columns,
      primaryKey: { ...(engine === "postgres" ? { name: `pk${n}` } : {}), columns: ["id"] },
      ...none,
    };
    return [{ kind: "createTable", table: name, definition }];
  }
  const on = { table: table.name };
  const spare = table.columns.filter(
    ({ name }) => !["id", "n"].includes(name) && !table.indexes.some((index) => index.columns.includes(name)),
  );
  const column = spare[next(Math.max(1, spare.length))];
  if (kind <= 3 || column === undefined)
    return [{ kind: "addColumn", ...on, column: { name: `c${n}`, type: `${text}(${10 + next(20)})`, nullable: true } }];
  if (kind === 4) return [{ kind: "dropColumn", ...on, column }];
  if (kind === 5) return [{ kind: "renameColumn", ...on, from: column.name, to: `r${n}` }];
  if (kind === 6) return [{ kind: "alterColumn", ...on, from: column, to: { ...column, type: `${text}(${40 + n})` } }];
  if (kind === 7) return [{ kind: "addIndex", ...on, index: { name: `ix${n}`, columns: [column.name] } }];
  if (kind === 8) return [{ kind: "renameTable", from: table.name, to: `x${n}` }];
  if (kind === 9 && tables.length > 3) return [{ kind: "dropTable", ...on, definition: table }];
  if (kind === 10)
    return [
      {
        kind: "execute",
        sql: `INSERT INTO ${table.name} (n) VALUES (${n}), (${n + 1})`,
        undo: `DELETE FROM ${table.name} WHERE n >= ${n}`,
      },
    ];
  return [{ kind: "execute", sql: `UPDATE ${table.name} SET n = n + 1`, undo: `UPDATE ${table.name} SET n = n - 1` }];
}

async function chain(engine: Engine, seed: number): Promise<Readonly<Record<string, string>>> {
  const next = random(seed);
  const files: Record<string, string> = {};
  let schema = emptySchema;
  for (let n = 1; n <= length; n++) {
    const upgrade = change(schema, engine, next, n);
    for (const operation of upgrade) schema = apply(schema, operation, engine === "postgres" ? "postgres" : "mariadb");
    const id = `r${String(n).padStart(3, "0")}`;
    const header = {
      id,
      parents: n === 1 ? [] : [`r${String(n - 1).padStart(3, "0")}`],
      dependsOn: [],
      labels: [],
      replaces: [],
      message: `change ${n}`,
      createdAt: "2026-11-21T04:10:00Z",
      review: [],
    };
    files[`migrations/${id}.ts`] = await writeRevision({ header, upgrade, downgrade: reverseAll(upgrade).operations });
  }
  return files;
}

const entity = `import { Entity, PrimaryColumn } from "typeorm";
@Entity("never") export class Never { @PrimaryColumn() id!: number; }
`;

describe.each(engines)(`a chain of ${length} generated revisions, on %s`, (engine) => {
  const project = useProject(engine, { "ormconfig.ts": ormconfig(engine), "models/all.ts": entity });

  it("is squashed in the middle and as a whole, and proved to do the same to schema and rows", async () => {
    project.write(await chain(engine, 7));
    const middle = await project.json(0, "squash", "r030:r060", "-m", "the middle", "--rev-id", "middle");
    expect(middle).toMatchObject({ proved: true });
    expect(middle.replaces).toHaveLength(31);
    const whole = await project.json(0, "squash", "base:head", "-m", "all of it", "--rev-id", "whole");
    expect(whole).toMatchObject({ proved: true, notes: [] });
    expect(whole.replaces).toHaveLength(length + 1);
    expect(whole.operations).toBeLessThan(length);
    expect((await project.json(0, "upgrade", "head")).applied).toMatchObject([{ id: "whole" }]);
  });
});
