import type { Action, Check, Deferrable, Exclusion, ForeignKey, PrimaryKey, Table, Unique } from "../../../core/schema.ts";
import { normalizeExpression } from "../scan.ts";
import { byName, type Catalogue, columnNames, type Line, nameIn, numbersOf } from "./rows.ts";

type Constraints = Pick<Table, "primaryKey" | "uniques" | "foreignKeys" | "checks" | "exclusions">;

export function constraintsOf(catalogue: Catalogue, oid: string): Constraints {
  const lines = (catalogue.constraints.get(oid) ?? []).filter((line) => !withoutOverlaps(line));
  const names = columnNames(catalogue, oid);
  const ofKind = <T>(kind: string, make: (line: Line) => T): readonly T[] => lines.filter(([, , type]) => type === kind).map(make);
  const columns = (line: Line): readonly string[] => numbersOf(line[5]).map((number) => names.get(number) ?? "");
  const [primaryKey] = ofKind("p", (line): PrimaryKey => ({ name: line[1] ?? "", columns: columns(line) }));
  return {
    ...(primaryKey && { primaryKey }),
    uniques: [...ofKind("u", (line) => uniqueOf(line, columns(line)))].sort(byName),
    foreignKeys: [...ofKind("f", (line) => foreignKeyOf(line, columns(line), catalogue))].sort(byName),
    checks: [...ofKind("c", checkOf)].sort(byName),
    exclusions: [...ofKind("x", exclusionOf)].sort(byName),
  };
}

/** PRIMARY KEY … WITHOUT OVERLAPS and its foreign keys cannot be said in a schema. */
export const withoutOverlaps = (line: Line): boolean => line[18] === "t";

/** What a constraint has that the schema cannot say. */
export function oddityOf(line: Line): string | undefined {
  if (withoutOverlaps(line)) return "WITHOUT OVERLAPS and PERIOD are left alone";
  if (line[19] === "f") return "that it is NOT ENFORCED is not compared";
  if (line[6] !== "t") return "that it is NOT VALID is not compared";
  if (line[16] === "t") return "its INCLUDE columns are not compared";
  return line[17] === "t" ? "the columns of its ON DELETE action are not compared" : undefined;
}

function uniqueOf(line: Line, columns: readonly string[]): Unique {
  return { name: line[1] ?? "", columns, ...deferrableOf(line), ...(line[15] === "t" && { nullsNotDistinct: true as const }) };
}

function deferrableOf([, , , deferrable, deferred]: Line): { readonly deferrable?: Deferrable } {
  if (deferrable !== "t") return {};
  return { deferrable: deferred === "t" ? "deferred" : "immediate" };
}

const actions: Readonly<Record<string, Action>> = { c: "CASCADE", n: "SET NULL", d: "SET DEFAULT", r: "RESTRICT" };

function foreignKeyOf(line: Line, columns: readonly string[], catalogue: Catalogue): ForeignKey {
  const [, name, , , , , , , relation, schema, table, keys, onDelete, onUpdate, match] = line;
  const far = columnNames(catalogue, relation);
  const { name: target, ...place } = nameIn(catalogue.server, schema, table);
  const [deleting, updating] = [actions[onDelete ?? ""], actions[onUpdate ?? ""]];
  return {
    name: name ?? "",
    columns,
    references: { ...place, table: target, columns: numbersOf(keys).map((number) => far.get(number) ?? "") },
    ...(deleting && { onDelete: deleting }),
    ...(updating && { onUpdate: updating }),
    ...deferrableOf(line),
    ...(match === "f" && { match: "full" as const }),
  };
}

const checkOf = (line: Line): Check => ({ name: line[1] ?? "", expression: normalizeExpression(line[7] ?? "") });

function exclusionOf(line: Line): Exclusion {
  const definition = (line[7] ?? "").replace(/^EXCLUDE /, "").replace(/ DEFERRABLE(?: INITIALLY DEFERRED)?$/, "");
  return { name: line[1] ?? "", expression: definition, ...deferrableOf(line) };
}
