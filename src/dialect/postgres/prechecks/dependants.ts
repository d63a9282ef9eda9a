import type { AlterColumn, Operation } from "../../../core/operation.ts";
import { keyOf, labelOf, type QualifiedName } from "../../../core/schema.ts";
import type { Precheck } from "../../../core/statement.ts";
import type { CompileContext } from "../../dialect.ts";
import { nameOf, walk } from "../../shared/prechecks/before.ts";
import { inPlaces, type Plain } from "../../shared/prechecks/places.ts";
import { setsExpressionInPlace } from "../compile/alter-column.ts";
import { keepsOrder } from "../compile/enums.ts";
import { quoteLiteral } from "../quote.ts";
import { lacking } from "./rights.ts";
import { words } from "./words.ts";

/** What goes, or takes another type, of one relation or type that is there before the run. */
interface Goal {
  readonly of: "relation" | "type";
  readonly name: QualifiedName;
  readonly operation: number;
  whole: boolean;
  readonly gone: Set<string>;
  readonly retyped: Set<string>;
}

/**
 * A view, a policy, a trigger or a function that nobody has told us of keeps the server from dropping what it stands on, and from giving
 * a column another type. They are named before anything runs. What the list itself takes away or makes anew is in nobody's way.
 */
export function dependants(operations: readonly Operation[], context: CompileContext): readonly Precheck[] {
  const places = inPlaces(operations, context.server.flavor);
  // the author's own steps may take them away
  const until = places.findIndex(({ operation }) => operation.kind === "run" || operation.kind === "execute");
  const known = places.slice(0, until < 0 ? places.length : until);
  const list = known.map(({ operation }) => operation);
  const goals = goalsOf(known, context);
  const relations = goals.filter(({ of }) => of === "relation");
  const going = relations.filter(({ whole }) => whole);
  const asked: readonly (readonly [Goal, string, readonly string[]])[] = [
    // all at once: a revision may drop a thousand tables
    ...going.slice(0, 1).map((first) => [first, going.length === 1 ? labelOf(first.name) : "what goes", ofGoing(going, list)] as const),
    ...relations.filter(({ whole }) => !whole).map((goal) => [goal, labelOf(goal.name), ofColumns(goal, list)] as const),
    ...goals.filter(({ of }) => of === "type").map((goal) => [goal, labelOf(goal.name), ofType(goal, list)] as const),
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

function goalsOf(places: ReturnType<typeof inPlaces>, context: CompileContext): readonly Goal[] {
  const goals = new Map<string, Goal>();
  const { before, note } = walk(words);
  const made = new Set<string>();
  const goal = (of: Goal["of"], name: QualifiedName, operation: number): Goal => {
    const key = `${of} ${keyOf(name)}`;
    const found = goals.get(key) ?? { of, name, operation, whole: false, gone: new Set<string>(), retyped: new Set<string>() };
    goals.set(key, found);
    return found;
  };
  for (const { operation: op, at } of places) {
    if (op.kind === "createView") made.add(keyOf(nameOf(op.schema, op.view)));
    if (op.kind === "createEnum") made.add(keyOf(op.definition));
    if ((op.kind === "dropView" || op.kind === "alterView") && !made.has(keyOf(nameOf(op.schema, op.view)))) {
      if (op.kind === "dropView" || op.from.definition !== op.to.definition) goal("relation", nameOf(op.schema, op.view), at).whole = true;
    }
    if (op.kind === "dropEnum" && !made.has(keyOf(op.definition))) goal("type", op.definition, at).whole = true;
    if (op.kind === "alterEnum" && !made.has(keyOf(nameOf(op.schema, op.name))) && !keepsOrder(op.from, op.to)) {
      goal("type", nameOf(op.schema, op.name), at).whole = true;
      for (const use of op.columns) {
        const table = before.origin(nameOf(use.schema, use.table));
        if (table !== null) goal("relation", table, at).retyped.add(columnBefore(nameOf(use.schema, use.table), use.column));
      }
    }
    if (op.kind === "dropTable" || op.kind === "dropColumn" || op.kind === "alterColumn") {
      const table = before.origin(nameOf(op.schema, op.table));
      if (table !== null) ofTable(op, table, at);
    }
    note(op);
  }
  return [...goals.values()].filter(({ whole, gone, retyped }) => whole || gone.size > 0 || retyped.size > 0);

  function columnBefore(table: QualifiedName, name: string): string {
    return before.column(table, name) ?? name;
  }

  function ofTable(op: Extract<Plain, { kind: "dropTable" | "dropColumn" | "alterColumn" }>, table: QualifiedName, at: number): void {
    if (op.kind === "dropTable") goal("relation", table, at).whole = true;
    else if (op.kind === "dropColumn") goal("relation", table, at).gone.add(columnBefore(nameOf(op.schema, op.table), op.column.name));
    else if (isMadeAnew(op, context)) goal("relation", table, at).gone.add(columnBefore(nameOf(op.schema, op.table), op.to.name));
    else if (isRetyped(op)) goal("relation", table, at).retyped.add(columnBefore(nameOf(op.schema, op.table), op.to.name));
  }
}

const isRetyped = ({ from, to, using }: AlterColumn): boolean =>
  from.type !== to.type || from.collation !== to.collation || using !== undefined;

/** A computed column goes and comes again, unless it becomes a plain one or the server can change its expression. */
function isMadeAnew(op: AlterColumn, context: CompileContext): boolean {
  const { from, to } = op;
  if (to.generated === undefined) return from.generated?.stored === false;
  if (from.generated?.stored !== to.generated.stored) return true;
  return from.generated.expression !== to.generated.expression && !setsExpressionInPlace(op, context.server);
}

const inSchema = (schema: string | undefined): string =>
  schema === undefined ? "coalesce(current_schema(), 'public')" : quoteLiteral(schema);
const pair = ({ schema, name }: QualifiedName, ...more: readonly string[]): string =>
  `(${[inSchema(schema), quoteLiteral(name), ...more.map(quoteLiteral)].join(", ")})`;
const notIn = (what: string, pairs: readonly string[]): string => (pairs.length === 0 ? "" : ` AND ${what} NOT IN (${pairs.join(", ")})`);

/** Views that the list drops or makes anew, and tables that it drops: what stands on or in these is not in the way. */
function leaving(list: readonly Plain[]): readonly string[] {
  return list.flatMap((op) => {
    if (op.kind === "dropView" || op.kind === "alterView") return [pair(nameOf(op.schema, op.view))];
    return op.kind === "dropTable" ? [pair(nameOf(op.schema, op.table))] : [];
  });
}

const described = "pg_describe_object(d.classid, d.objid, d.objsubid)";
const isOf = (catalogue: string): string => `d.classid = '${catalogue}'::regclass`;
const relationsOf = (names: readonly QualifiedName[]): string =>
  `(SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN (${names.map((name) => pair(name)).join(", ")}))`;

function ofGoing(goals: readonly Goal[], list: readonly Plain[]): readonly string[] {
  const relations = relationsOf(goals.map(({ name }) => name));
  const place = `d.refclassid = 'pg_class'::regclass AND d.refobjid IN ${relations}`;
  return [...standing(place, list), keys(place, list), children(relations, list)];
}

function ofColumns({ name, gone, retyped }: Goal, list: readonly Plain[]): readonly string[] {
  const relation = relationsOf([name]);
  const place = (names: ReadonlySet<string>): string =>
    `d.refclassid = 'pg_class'::regclass AND d.refobjid = ${relation} AND d.refobjsubid IN
  (SELECT a.attnum FROM pg_attribute AS a WHERE a.attrelid = ${relation} AND a.attname IN (${[...names].map(quoteLiteral).join(", ")}))`;
  const all = place(new Set([...gone, ...retyped]));
  return [...standing(all, list), ...inTable(all, list), ...(gone.size === 0 ? [] : [keys(place(gone), list), published(place(gone))])];
}

/** Views and functions, and policies of other tables. */
function standing(place: string, list: readonly Plain[]): readonly string[] {
  return [
    `SELECT DISTINCT concat(CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' ELSE 'a rule of ' END, c.oid::regclass) AS "lack"
FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_rewrite")} AND ${place} AND r.ev_class <> d.refobjid${notIn("(n.nspname, c.relname)", leaving(list))}`,
    `SELECT ${described} FROM pg_depend AS d WHERE ${isOf("pg_proc")} AND ${place}`,
    `SELECT ${described} FROM pg_depend AS d JOIN pg_policy AS p ON p.oid = d.objid JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_policy")} AND ${place} AND p.polrelid <> d.refobjid${notIn("(n.nspname, c.relname)", leaving(list))}`,
  ];
}

/** Foreign keys of other tables. */
function keys(place: string, list: readonly Plain[]): string {
  const dropped = list.flatMap((op) => (op.kind === "dropForeignKey" ? [pair(nameOf(op.schema, op.table), op.foreignKey.name)] : []));
  return `SELECT DISTINCT ${described} FROM pg_depend AS d JOIN pg_constraint AS k ON k.oid = d.objid JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_constraint")} AND ${place} AND k.contype = 'f' AND k.confrelid = d.refobjid AND k.conrelid <> k.confrelid AND k.conparentid = 0${notIn("(n.nspname, c.relname)", leaving(list))}${notIn("(n.nspname, c.relname, k.conname)", dropped)}`;
}

/** A partition goes with its table; a table that only inherits from it does not. */
function children(relations: string, list: readonly Plain[]): string {
  return `SELECT concat('table ', c.oid::regclass) FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.inhparent IN ${relations} AND NOT c.relispartition${notIn("(n.nspname, c.relname)", leaving(list))}`;
}

/** Rules, policies, triggers and computed columns of the table itself that speak of the column. */
function inTable(place: string, list: readonly Plain[]): readonly string[] {
  const computed = list.flatMap((op) => {
    if (op.kind === "dropColumn") return [pair(nameOf(op.schema, op.table), op.column.name)];
    return op.kind === "alterColumn" && op.from.generated !== undefined ? [pair(nameOf(op.schema, op.table), op.to.name)] : [];
  });
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

const published = (place: string): string =>
  `SELECT DISTINCT ${described} FROM pg_depend AS d WHERE ${isOf("pg_publication_rel")} AND ${place}`;

/** Columns and functions that nobody has told of, domains and other types over it. Checks and conditions of indexes step aside. */
function ofType({ name }: Goal, list: readonly Plain[]): readonly string[] {
  const both = `(SELECT unnest(ARRAY[t.oid, t.typarray]) FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE (n.nspname, t.typname) = ${pair(name)})`;
  const place = `d.refclassid = 'pg_type'::regclass AND d.refobjid IN ${both}`;
  const columns = list.flatMap((op) => {
    if (op.kind === "alterEnum") return op.columns.map((use) => pair(nameOf(use.schema, use.table), use.column));
    if (op.kind === "alterColumn") return [pair(nameOf(op.schema, op.table), op.to.name)];
    return op.kind === "dropColumn" ? [pair(nameOf(op.schema, op.table), op.column.name)] : [];
  });
  return [
    `SELECT ${described} AS "lack" FROM pg_depend AS d WHERE (${isOf("pg_proc")} OR ${isOf("pg_cast")} OR ${isOf("pg_operator")}) AND ${place}`,
    `SELECT ${described} FROM pg_depend AS d JOIN pg_type AS t ON t.oid = d.objid WHERE ${isOf("pg_type")} AND ${place} AND d.objid NOT IN ${both}`,
    `SELECT ${described} FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.objsubid
WHERE ${isOf("pg_class")} AND d.objsubid > 0 AND NOT c.relispartition AND ${place}${notIn("(n.nspname, c.relname)", leaving(list))}${notIn("(n.nspname, c.relname, a.attname)", columns)}`,
    `SELECT DISTINCT concat(CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' ELSE 'a rule of ' END, c.oid::regclass)
FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE ${isOf("pg_rewrite")} AND ${place}${notIn("(n.nspname, c.relname)", leaving(list))}`,
  ];
}
