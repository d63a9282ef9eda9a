import type { Operation } from "../../../core/operation.ts";
import { labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import type { Taken } from "../../shared/prechecks/taken.ts";
import { described, isOf, notIn, onColumns, onRelations, relationsOf, row, rowsIn, rowsOf } from "./catalogue.ts";
import { type Goal, goalsOf } from "./goals.ts";
import { onParts } from "./parts.ts";
import { lacking } from "./rights.ts";

/**
 * A view, a policy, a trigger or a function that nobody has told us of keeps the server from dropping what it stands on, and from giving
 * a column another type. They are named before anything runs. What the list itself takes away or makes anew is in nobody's way.
 */
export function dependants(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const { relations, types, taken } = goalsOf(operations, context, ["run", "execute"]);
  const going = relations.filter(({ whole }) => whole);
  const asked: readonly (readonly [{ readonly operation: number }, string, readonly string[]])[] = [
    // all at once: a revision may drop a thousand tables
    ...going.slice(0, 1).map((first) => [first, labelled([first, ...going.slice(1)]), ofGoing(going, taken)] as const),
    ...inGroups(relations.filter(({ whole }) => !whole)).map((goals) => [goals[0], labelled(goals), ofColumns(goals, taken)] as const),
    ...types.map((goal) => [goal, labelOf(goal.name), ofType(goal, taken)] as const),
    ...taken.parts.slice(0, 1).map((first) => [first, "a key that goes", onParts(taken)] as const),
  ];
  return asked.map(([{ operation }, label, selects]) => ({
    about: "server",
    operation,
    sql: lacking(selects),
    code: "dependants",
    message: `others stand on ${label}, which can't be changed under them`,
    hint: "drop or change what is named there first, or do it in the revision with op.execute before this change, and make it again after it",
    tables: [],
  }));
}

type Goals = readonly [Goal, ...Goal[]];

const labelled = ([first, ...others]: Goals): string =>
  others.length === 0 ? labelOf(first.name) : first.whole ? "what goes" : "columns that go or change";

/** Each table is asked about by itself. Of very many that is too much: each question says of all the list's columns that they are in nobody's way. */
function inGroups(goals: readonly Goal[]): readonly Goals[] {
  const size = goals.length > 20 ? 200 : 1;
  return goals.flatMap((first, at) => (at % size === 0 ? [[first, ...goals.slice(at + 1, at + size)] as const] : []));
}

function ofGoing(goals: readonly Goal[], taken: Taken): readonly string[] {
  const relations = relationsOf(goals.map(({ name }) => name));
  const place = onRelations(relations);
  return [...standing(place, taken), keys(place, taken), children(relations, taken), ...ofRowType(relations, taken)];
}

function ofColumns(goals: Goals, taken: Taken): readonly string[] {
  const asked = (
    columnsOf: (goal: Goal) => readonly string[],
    of: (place: string, tables: readonly QualifiedName[]) => readonly string[],
  ): readonly string[] => {
    const places = goals.map((goal) => [goal.name, columnsOf(goal)] as const).filter(([, columns]) => columns.length > 0);
    return places.length === 0
      ? []
      : of(
          onColumns(...places),
          places.map(([table]) => table),
        );
  };
  return [
    ...asked(
      ({ gone, anew, retyped }) => [...gone, ...anew, ...retyped],
      (place, tables) => [
        ...standing(place, taken),
        ...inTable(place, taken),
        ...ofRowType(relationsOf(tables), taken).slice(0, 1),
        published(place),
      ],
    ),
    ...asked(
      ({ gone, anew }) => [...gone, ...anew],
      (place) => [keys(place, taken, "own, too")],
    ),
    ...asked(
      ({ gone, uncounted }) => [...gone, ...uncounted],
      (place) => [counting(place, taken)],
    ),
  ];
}

/** Views and functions, and policies of other tables. */
function standing(place: string, taken: Taken): readonly string[] {
  return [
    `SELECT DISTINCT concat(CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' ELSE 'a rule of ' END, c.oid::regclass) AS "lack"
FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_rewrite")} AND ${place} AND r.ev_class <> d.refobjid${notIn("(n.nspname, c.relname)", rowsOf(taken.relations))}`,
    `SELECT ${described} FROM pg_depend AS d WHERE ${isOf("pg_proc")} AND ${place}`,
    `SELECT ${described} FROM pg_depend AS d JOIN pg_policy AS p ON p.oid = d.objid JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_policy")} AND ${place} AND p.polrelid <> d.refobjid${notIn("(n.nspname, c.relname)", rowsOf(taken.relations))}`,
  ];
}

/** Foreign keys of other tables, and those of the table to itself, which don't go with the column that they point to. */
function keys(place: string, taken: Taken, which?: "own, too"): string {
  const own = which === undefined ? "" : " OR d.refobjsubid <> ALL (k.conkey)";
  return `SELECT DISTINCT ${described} FROM pg_depend AS d JOIN pg_constraint AS k ON k.oid = d.objid JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_constraint")} AND ${place} AND k.contype = 'f' AND k.confrelid = d.refobjid AND (k.conrelid <> k.confrelid${own}) AND k.conparentid = 0${notIn("(n.nspname, c.relname)", rowsOf(taken.relations))}${notIn("(n.nspname, c.relname, k.conname)", rowsIn(taken.parts))}`;
}

/** A partition goes with its table; a table that only inherits from it does not. */
function children(relations: string, taken: Taken): string {
  return `SELECT concat('table ', c.oid::regclass) FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.inhparent IN ${relations} AND NOT c.relispartition${notIn("(n.nspname, c.relname)", rowsOf(taken.relations))}`;
}

/** Columns of the table's row type, which would have one value less, and functions, which only mind that it goes. */
function ofRowType(relations: string, { relations: leaving, columns }: Taken): readonly string[] {
  const place = `d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_type AS t WHERE t.typrelid IN ${relations} AND t.typrelid <> 0)`;
  return [
    `SELECT DISTINCT ${described} FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.objsubid
WHERE ${isOf("pg_class")} AND d.objsubid > 0 AND c.relkind IN ('r', 'p', 'c') AND ${place}${notIn("(n.nspname, c.relname)", rowsOf(leaving))}${notIn("(n.nspname, c.relname, a.attname)", rowsIn(columns))}`,
    `SELECT ${described} FROM pg_depend AS d WHERE ${isOf("pg_proc")} AND ${place}`,
  ];
}

/** Rules, policies, triggers and computed columns of the table itself that speak of the column. */
function inTable(place: string, taken: Taken): readonly string[] {
  const computed = rowsIn([...taken.columns, ...taken.computed]);
  return [
    `SELECT DISTINCT ${described} FROM pg_depend AS d JOIN pg_policy AS p ON p.oid = d.objid WHERE ${isOf("pg_policy")} AND ${place} AND p.polrelid = d.refobjid`,
    `SELECT DISTINCT ${described} FROM pg_depend AS d JOIN pg_trigger AS t ON t.oid = d.objid WHERE ${isOf("pg_trigger")} AND ${place} AND NOT t.tgisinternal`,
    `SELECT DISTINCT concat('rule ', r.rulename, ' of table ', r.ev_class::regclass) FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
WHERE ${isOf("pg_rewrite")} AND ${place} AND r.ev_class = d.refobjid AND r.rulename <> '_RETURN'`,
    // where the server keeps the expression of a computed column differs from release to release
    `SELECT DISTINCT concat('computed column ', a.attname, ' of table ', a.attrelid::regclass) FROM pg_depend AS d LEFT JOIN pg_attrdef AS e ON ${isOf("pg_attrdef")} AND e.oid = d.objid
JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = COALESCE(e.adnum, d.objsubid) JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE (${isOf("pg_attrdef")} OR ${isOf("pg_class")} AND d.objid = d.refobjid) AND ${place} AND a.attgenerated <> '' AND a.attnum <> d.refobjsubid${notIn("(n.nspname, c.relname, a.attname)", computed)}`,
  ];
}

/** Defaults of other columns that count with the sequence of a column that no longer counts. */
const counting = (place: string, { relations, columns, changed }: Taken): string =>
  `SELECT DISTINCT pg_describe_object(u.classid, u.objid, u.objsubid) AS "lack" FROM pg_depend AS d JOIN pg_class AS q ON q.oid = d.objid AND q.relkind = 'S'
JOIN pg_depend AS u ON u.refclassid = 'pg_class'::regclass AND u.refobjid = q.oid AND u.classid = 'pg_attrdef'::regclass JOIN pg_attrdef AS f ON f.oid = u.objid
JOIN pg_attribute AS a ON a.attrelid = f.adrelid AND a.attnum = f.adnum JOIN pg_class AS c ON c.oid = f.adrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_class")} AND d.deptype IN ('a', 'i') AND ${place}${notIn("(n.nspname, c.relname)", rowsOf(relations))}${notIn("(n.nspname, c.relname, a.attname)", rowsIn([...columns, ...changed]))}`;

const published = (place: string): string =>
  `SELECT DISTINCT ${described} FROM pg_depend AS d WHERE ${isOf("pg_publication_rel")} AND ${place}`;

/** Columns and functions that nobody has told of, domains and other types over it. Checks and conditions of indexes step aside. */
function ofType({ name }: Goal, taken: Taken): readonly string[] {
  const both = `(SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE (n.nspname, t.typname) = ${row(name)})`;
  const place = `d.refclassid = 'pg_type'::regclass AND d.refobjid IN ${both}`;
  const columns = rowsIn([...taken.columns, ...taken.changed]);
  return [
    `SELECT ${described} AS "lack" FROM pg_depend AS d WHERE (${isOf("pg_proc")} OR ${isOf("pg_cast")} OR ${isOf("pg_operator")}) AND ${place}`,
    `SELECT ${described} FROM pg_depend AS d JOIN pg_type AS t ON t.oid = d.objid WHERE ${isOf("pg_type")} AND ${place} AND d.objid NOT IN ${both}`,
    `SELECT ${described} FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.objsubid
WHERE ${isOf("pg_class")} AND d.objsubid > 0 AND NOT c.relispartition AND a.attinhcount = 0 AND ${place}${notIn("(n.nspname, c.relname)", rowsOf(taken.relations))}${notIn("(n.nspname, c.relname, a.attname)", columns)}`,
    `SELECT DISTINCT concat(CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' ELSE 'a rule of ' END, c.oid::regclass)
FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_rewrite")} AND ${place}${notIn("(n.nspname, c.relname)", rowsOf(taken.relations))}`,
  ];
}
