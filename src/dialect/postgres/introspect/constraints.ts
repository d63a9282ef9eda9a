import type { Rows } from "../../../core/db.ts";
import type { Action, Check, Deferrable, Exclusion, ForeignKey, PrimaryKey, Unique } from "../../../core/schema.ts";
import { closesAtEnd } from "./columns.ts";
import { ByTable, type Cell, list, type NameOf } from "./names.ts";

export type Constraint =
  | { readonly is: "primaryKey"; readonly it: PrimaryKey }
  | { readonly is: "unique"; readonly it: Unique }
  | { readonly is: "foreignKey"; readonly it: ForeignKey }
  | { readonly is: "check"; readonly it: Check }
  | { readonly is: "exclusion"; readonly it: Exclusion };

export function constraintsOf(rows: Rows, nameOf: NameOf): ByTable<Constraint> {
  const constraints = new ByTable<Constraint>();
  for (const row of rows) {
    const found = constraintOf(row, nameOf);
    if (found !== null) constraints.add(nameOf(row[0], row[1]), found);
  }
  return constraints;
}

function constraintOf(row: Rows[number], nameOf: NameOf): Constraint | null {
  const [, , rawName, kind, key, targetSchema, target, targetKey, onDelete, onUpdate, match, deferrable, deferred, nullsNotDistinct, text] =
    row;
  const name = rawName ?? "";
  const columns = list(key);
  const when = deferrableOf(deferrable, deferred);
  switch (kind) {
    case "p":
      return { is: "primaryKey", it: { name, columns } };
    case "u":
      return { is: "unique", it: { name, columns, ...when, ...(nullsNotDistinct === "t" ? { nullsNotDistinct: true } : {}) } };
    case "f": {
      const { schema, name: table } = nameOf(targetSchema, target);
      const references = { ...(schema === undefined ? {} : { schema }), table, columns: list(targetKey) };
      const actions = { ...action("onDelete", onDelete), ...action("onUpdate", onUpdate) };
      return { is: "foreignKey", it: { name, columns, references, ...actions, ...when, ...(match === "f" ? { match: "full" } : {}) } };
    }
    case "c":
      return { is: "check", it: { name, expression: checkText(text ?? "") } };
    case "x":
      return { is: "exclusion", it: { name, expression: exclusionText(text ?? ""), ...when } };
    default:
      return null;
  }
}

function deferrableOf(deferrable: Cell, deferred: Cell): { deferrable?: Deferrable } {
  return deferrable === "t" ? { deferrable: deferred === "t" ? "deferred" : "immediate" } : {};
}

const actions: Readonly<Record<string, Action>> = { c: "CASCADE", n: "SET NULL", d: "SET DEFAULT", r: "RESTRICT" };

function action<K extends "onDelete" | "onUpdate">(key: K, letter: Cell): { [P in K]?: Action } {
  const found = actions[letter ?? ""];
  return (found === undefined ? {} : { [key]: found }) as { [P in K]?: Action };
}

/** `CHECK ((points > 0)) NOT VALID` is points > 0. */
function checkText(definition: string): string {
  let text = definition.replace(/^CHECK /, "").replace(/(?: NO INHERIT| NOT VALID| NOT ENFORCED)+$/, "");
  while (text.startsWith("(") && closesAtEnd(text)) text = text.slice(1, -1);
  return text;
}

function exclusionText(definition: string): string {
  return definition.replace(/^EXCLUDE /, "").replace(/ DEFERRABLE(?: INITIALLY DEFERRED)?$/, "");
}
