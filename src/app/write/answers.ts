import { usage } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import type { Point } from "../../core/revision.ts";
import { labelOf } from "../../core/schema.ts";
import type { Claims } from "../../diff/claimed.ts";
import type { Answers } from "../../diff/resolve.ts";

/** The reviewer's answers, as `resolve` and `revision --autogenerate` take them. */
export interface AnswerFlags {
  readonly rename?: readonly string[];
  readonly renameTable?: readonly string[];
  readonly drop?: readonly string[];
  readonly dropTable?: readonly string[];
  readonly all?: string;
  readonly fill?: readonly string[];
  readonly using?: readonly string[];
}

export function answersOf(flags: AnswerFlags): Answers {
  if (flags.all !== undefined && flags.all !== "rename" && flags.all !== "drop") {
    throw usage("bad-option", `--all takes rename or drop, not "${flags.all}".`, "--all rename");
  }
  return {
    ...(flags.rename === undefined ? {} : { renames: flags.rename.map(rename) }),
    ...(flags.renameTable === undefined ? {} : { renameTables: flags.renameTable.map(renameTable) }),
    ...(flags.drop === undefined ? {} : { drops: flags.drop.map((text) => column("--drop", text)) }),
    ...(flags.dropTable === undefined ? {} : { dropTables: flags.dropTable }),
    ...(flags.all === undefined ? {} : { all: flags.all }),
    ...(flags.fill === undefined ? {} : { fill: expressions("--fill", flags.fill) }),
    ...(flags.using === undefined ? {} : { using: expressions("--using", flags.using) }),
  };
}

/** Left-overs that are named to be dropped go, though nobody knows them. */
export function claimsOf(flags: AnswerFlags): Claims {
  const { drops = [], dropTables = [] } = answersOf(flags);
  return { tables: dropTables, columns: drops };
}

export const noAnswers = (flags: AnswerFlags): boolean => Object.values(flags).every((value) => value === undefined);

/** What operations of an earlier draft show to have been answered, as far as the new one asks it again; null when nothing. */
export function answersGiven(before: readonly Operation[], operations: readonly Operation[], review: readonly Point[]): Answers | null {
  const asked = (kind: Point["kind"], from: string, to: string) =>
    review.some((one) => one.kind === kind && one.from === from && one.to === to);
  const renames = before.flatMap((one) =>
    one.kind === "renameColumn" && asked("rename", one.from, one.to) ? [{ table: tableLabel(one), from: one.from, to: one.to }] : [],
  );
  const renameTables = before.flatMap((one) => {
    if (one.kind !== "renameTable") return [];
    const [from, to] = [labelOf({ ...one, name: one.from }), labelOf({ ...one, name: one.to })];
    return asked("renameTable", from, to) ? [{ from, to }] : [];
  });
  const said = (part: "fill" | "using") =>
    Object.fromEntries(
      before.flatMap((one) => {
        const value = filled(one, part);
        const again = operations.find((other) => other.kind === one.kind && placeOf(other) !== null && placeOf(other) === placeOf(one));
        return value !== undefined && again !== undefined && filled(again, part) === undefined
          ? [[placeOf(one) ?? "", value] as const]
          : [];
      }),
    );
  const answers = { renames, renameTables, fill: said("fill"), using: said("using") };
  return Object.values(answers).every((value) => Object.keys(value).length === 0) ? null : answers;
}

const tableLabel = ({ schema, table }: { readonly schema?: string; readonly table: string }): string =>
  schema === undefined ? table : `${schema}.${table}`;

const filled = (operation: Operation, part: "fill" | "using"): string | undefined =>
  operation.kind === "alterColumn" ? operation[part] : operation.kind === "addColumn" && part === "fill" ? operation.fill : undefined;

function placeOf(operation: Operation): string | null {
  if (operation.kind === "addColumn") return `${tableLabel(operation)}.${operation.column.name}`;
  return operation.kind === "alterColumn" ? `${tableLabel(operation)}.${operation.to.name}` : null;
}

function rename(text: string) {
  const at = text.lastIndexOf(":");
  const { table, column: from } = column("--rename", at < 0 ? "" : text.slice(0, at), text, "TABLE.OLD:NEW");
  return { table, from, to: text.slice(at + 1) };
}

function renameTable(text: string) {
  const at = text.indexOf(":");
  if (at < 1 || at === text.length - 1) throw wrong("--rename-table", text, "OLD:NEW");
  return { from: text.slice(0, at), to: text.slice(at + 1) };
}

function column(flag: string, text: string, whole: string = text, form: string = "TABLE.COLUMN") {
  const at = text.lastIndexOf(".");
  if (at < 1 || at === text.length - 1) throw wrong(flag, whole, form);
  return { table: text.slice(0, at), column: text.slice(at + 1) };
}

function expressions(flag: string, list: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list.map((text) => {
      const at = text.indexOf("=");
      const { table, column: name } = column(flag, at < 0 ? "" : text.slice(0, at), text, "TABLE.COLUMN=EXPRESSION");
      return [`${table}.${name}`, text.slice(at + 1)];
    }),
  );
}

function wrong(flag: string, text: string, form: string) {
  return usage("bad-option", `${flag} takes ${form}, not "${text}".`, `${flag} ${form}`);
}
