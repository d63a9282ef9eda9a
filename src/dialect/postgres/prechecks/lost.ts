import type { Operation } from "../../../core/operation.ts";
import { labelOf } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Taken } from "../../shared/prechecks/taken.ts";
import { quoteLiteral } from "../quote.ts";
import { inherited, isOf, notIn, onColumns, relationsOf, rowsIn } from "./catalogue.ts";
import { type Goal, goalsOf } from "./goals.ts";
import { rolesOf } from "./parts.ts";
import { lacking } from "./rights.ts";

/**
 * With a column the server drops, without a word, every index, constraint and statistics object that has it, be it one of several
 * columns, and every sequence that belongs to it. What the list does not drop, nor the author's own SQL names, nobody has decided to lose.
 */
export function lost(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const { relations, taken } = goalsOf(operations, context, ["run"]);
  const roles = taken.parts.length === 0 ? [] : rolesOf(taken);
  const parts = roles.slice(0, 1).map(() => ({
    about: "server" as const,
    operation: taken.parts[0]?.operation ?? 0,
    sql: lacking(roles),
    code: "unmanaged",
    message: "with an index or a key would go what no revision knows",
    hint: "op.execute(sql`ALTER TABLE … REPLICA IDENTITY DEFAULT`) or op.execute(sql`ALTER TABLE … SET WITHOUT CLUSTER`) before it; what stands in brackets gives it to the new index",
    tables: [],
  }));
  const columns = relations
    .filter(({ whole, gone, anew }) => !whole && gone.size + anew.size > 0)
    .map((goal) => ({
      about: "server" as const,
      operation: goal.operation,
      sql: lacking([...goingAlong(goal, taken), ...goingAlongBelow(goal, taken)]),
      code: "unmanaged",
      message: `with ${[...goal.gone, ...goal.anew].map((column) => `${labelOf(goal.name)}.${column}`).join(" and ")} would go what no revision knows`,
      hint: "where it may go, drop it by name before the column: op.execute(sql`DROP …`, { undo: sql`CREATE …` }); where it is still wanted, make it anew without the column",
      tables: [],
    }));
  const settings = relations
    .filter(({ whole, retyped }) => !whole && retyped.size > 0 && !taken.said.some((sql) => /\bset\s+(?:storage|compression)\b/i.test(sql)))
    .map((goal) => ({
      about: "server" as const,
      operation: goal.operation,
      sql: lacking([resetByRetyping(goal)]),
      code: "unmanaged",
      message: `with the type of ${[...goal.retyped].map((column) => `${labelOf(goal.name)}.${column}`).join(" and ")} would go how somebody wants it to be stored`,
      hint: "say it again after the change, with what stands in brackets: op.execute(sql`ALTER TABLE …`); or take it back before the run: SET STORAGE and SET COMPRESSION to what they are by default",
      tables: [],
    }));
  return [...parts, ...columns, ...settings];
}

/** ALTER COLUMN TYPE keeps statistics targets and n_distinct, but takes storage and compression from the new type, be it the same but for its length. */
function resetByRetyping({ name, retyped }: Goal): string {
  const storage = "CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END";
  const compression = "CASE a.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END";
  return `SELECT concat(s.what, ' of ', a.attrelid::regclass, '.', quote_ident(a.attname), ' (ALTER TABLE ', a.attrelid::regclass, ' ALTER COLUMN ', quote_ident(a.attname), ' SET ', s.what, ' ', s.value, ')') AS "lack"
FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid CROSS JOIN LATERAL (
  SELECT 'STORAGE', ${storage} WHERE a.attstorage <> t.typstorage UNION ALL SELECT 'COMPRESSION', ${compression} WHERE a.attcompression::text <> ''
) AS s (what, value) WHERE NOT a.attisdropped AND ${inherited(name, retyped)}`;
}

function goingAlong({ name, gone }: Goal, taken: Taken): readonly string[] {
  return gone.size === 0 ? [] : standingOn(onColumns([name, gone]), taken);
}

/** What the table itself has is made anew with the column, but not what only a partition or a table that inherits from it has. */
function goingAlongBelow({ name, anew }: Goal, taken: Taken): readonly string[] {
  if (anew.size === 0) return [];
  const root = relationsOf([name]);
  return [
    ...standingOn(`${onColumns([name, anew])} AND d.refobjid <> ${root}`, taken),
    `SELECT concat('what is set for column ', a.attname, ' of ', a.attrelid::regclass, ' alone') AS "lack" FROM pg_attribute AS a WHERE ${inherited(name, anew)} AND a.attrelid <> ${root}
AND (a.attacl IS NOT NULL OR a.attoptions IS NOT NULL OR a.attstattarget >= 0 OR col_description(a.attrelid, a.attnum) IS NOT NULL)`,
  ];
}

function standingOn(place: string, { parts, said }: Taken): readonly string[] {
  const ofTable = "JOIN pg_class AS c ON c.oid = d.refobjid JOIN pg_namespace AS n ON n.oid = c.relnamespace";
  const unsaid = (name: string): string => (said.length === 0 ? "" : ` AND strpos(${quoteLiteral(said.join(" "))}, ${name}) = 0`);
  return [
    `SELECT DISTINCT concat('index ', i.oid::regclass, ' (', pg_get_indexdef(i.oid), ')') AS "lack" FROM pg_depend AS d JOIN pg_class AS i ON i.oid = d.objid ${ofTable}
WHERE ${isOf("pg_class")} AND ${place} AND i.relkind IN ('i', 'I') AND NOT i.relispartition
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid AND contype IN ('p', 'u', 'x'))${notIn("(n.nspname, c.relname, i.relname)", rowsIn(parts))}${unsaid("i.relname")}`,
    // an exclusion's condition and expressions are its index's
    `SELECT DISTINCT concat('constraint ', quote_ident(k.conname), ' of ', c.oid::regclass, ' (', pg_get_constraintdef(k.oid), ')') FROM pg_depend AS d
JOIN pg_constraint AS k ON ${isOf("pg_constraint")} AND k.oid = d.objid OR ${isOf("pg_class")} AND k.conindid = d.objid AND k.contype = 'x' ${ofTable}
WHERE ${place} AND k.conrelid = d.refobjid AND k.contype <> 'n' AND k.conparentid = 0 AND k.coninhcount = 0${notIn("(n.nspname, c.relname, k.conname)", rowsIn(parts))}${unsaid("k.conname")}`,
    `SELECT DISTINCT concat('statistics ', quote_ident(s.stxname), ' (', pg_get_statisticsobjdef(s.oid), ')') FROM pg_depend AS d JOIN pg_statistic_ext AS s ON s.oid = d.objid
WHERE ${isOf("pg_statistic_ext")} AND ${place}${unsaid("s.stxname")}`,
    // the one that counts the column is the column's own
    `SELECT concat('sequence ', d.objid::regclass) FROM pg_depend AS d JOIN pg_class AS q ON q.oid = d.objid WHERE ${isOf("pg_class")} AND ${place} AND q.relkind = 'S' AND d.deptype = 'a'
AND NOT EXISTS (SELECT FROM pg_attrdef AS f JOIN pg_depend AS u ON u.classid = 'pg_attrdef'::regclass AND u.objid = f.oid
  WHERE f.adrelid = d.refobjid AND f.adnum = d.refobjsubid AND u.refclassid = 'pg_class'::regclass AND u.refobjid = d.objid)${unsaid("q.relname")}`,
  ];
}
