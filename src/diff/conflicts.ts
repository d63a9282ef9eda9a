import type { AlterColumn, AlterEnum, AlterTable, Flavor, Operation } from "../core/operation.ts";
import { runsOn } from "../core/operations/index.ts";
import { keyOf } from "../core/schema.ts";
import { type EffectName, type Effects, effectsOf } from "./effects.ts";
import { equal } from "./equal.ts";
import { mentions } from "./mentions.ts";
import { tableOf } from "./on.ts";
import { namesInCode, namesInSql, type RawNames } from "./raw-names.ts";

/** A change in one arm of the history; of a step in code also the text of its function. */
export interface Change {
  readonly operation: Operation;
  readonly code?: string;
}

/** Two changes made apart that can't be put one after the other in either order with the same result, and why. */
export interface Conflict {
  readonly a: number;
  readonly b: number;
  readonly why: string;
}

/** All pairs of two arms that do not commute, by their places. */
export function conflictsBetween(left: readonly Change[], right: readonly Change[], flavor: Flavor): readonly Conflict[] {
  const others = right.map((change) => touchesOf(change, flavor));
  // only what shares something, or may touch anything, can be in the other's way
  const byThing = new Map<string, Set<number>>();
  others.forEach((touched, place) => {
    for (const thing of touched.flatMap(thingsOf)) byThing.set(thing, (byThing.get(thing) ?? new Set()).add(place));
  });
  return left.flatMap((change, a) => {
    const touched = touchesOf(change, flavor);
    const things = [...touched.flatMap(thingsOf), anything];
    const near = touched.some(mayTouchAll) ? [...others.keys()] : things.flatMap((thing) => [...(byThing.get(thing) ?? [])]);
    return [...new Set(near)]
      .sort((one, two) => one - two)
      .flatMap((b) => {
        const why = firstConflict(touched, others[b] ?? []);
        return why === null ? [] : [{ a, b, why }];
      });
  });
}

/** Whether the schema is the same, whichever of two changes that were made apart comes first. */
export function commutes(a: Change, b: Change, flavor: Flavor): boolean {
  return firstConflict(touchesOf(a, flavor), touchesOf(b, flavor)) === null;
}

const anything = "\u0000";
const mayTouchAll = ({ raw, operation }: Touched): boolean => raw === "unknown" || operation.kind === "dropExtension";
const thingsOf = (touched: Touched): readonly string[] => [
  ...touched.names,
  ...Object.values(touched.effects).flat(),
  ...(mayTouchAll(touched) ? [anything] : []),
];

interface Touched {
  readonly operation: Operation;
  readonly effects: Effects;
  /** of raw SQL and code; null for all others */
  readonly raw: RawNames | "unknown" | null;
  /** what SQL would call all that it touches, in lower case */
  readonly names: readonly string[];
}

function touchesOf({ operation, code }: Change, flavor: Flavor): readonly Touched[] {
  if (operation.kind === "on") {
    return runsOn(operation.dialect, flavor) ? operation.operations.flatMap((inner) => touchesOf({ operation: inner }, flavor)) : [];
  }
  if (operation.kind === "assume") return operation.operations.flatMap((inner) => touchesOf({ operation: inner }, flavor));
  const effects = effectsIn(operation);
  if (operation.kind === "execute" || operation.kind === "run") {
    const raw = operation.kind === "execute" ? namesInSql(operation.sql) : ((code === undefined ? null : namesInCode(code)) ?? "unknown");
    return [{ operation, effects, raw, names: raw === "unknown" ? [] : [...raw.all] }];
  }
  return [{ operation, effects, raw: null, names: [...namesOf(effects)] }];
}

function firstConflict(left: readonly Touched[], right: readonly Touched[]): string | null {
  for (const a of left) {
    for (const b of right) {
      const why = untold(a, b) ?? clash(a, b);
      if (why !== null) return why;
    }
  }
  return null;
}

/** Raw SQL and code on the same table: nobody can tell. */
function untold(a: Touched, b: Touched): string | null {
  if (a.raw === null && b.raw === null) return null;
  if (a.raw === "unknown" || b.raw === "unknown") return "can't be told: what the code of op.run does is not known";
  const shared =
    a.raw !== null && b.raw !== null
      ? a.raw.relations !== null && b.raw.relations !== null
        ? common(a.raw.relations, b.raw.relations)
        : common(a.raw.all, b.raw.all)
      : common((a.raw ?? b.raw)?.all ?? new Set(), new Set((a.raw === null ? a : b).names));
  return shared === undefined ? null : `can't be told: raw SQL or code speaks of ${cased(shared, a, b)}`;
}

const common = (a: ReadonlySet<string>, b: ReadonlySet<string>): string | undefined => [...a].find((name) => b.has(name));

const separator = "\u0001";
const key = (sort: string, ...parts: readonly string[]): string => [sort, ...parts].join(separator).toLowerCase();
const column = (table: Parameters<typeof tableOf>[0], name: string): string => key("column", keyOf(tableOf(table)), name);

/** Beyond the order within one revision, where these can't meet: what one arm does that the other may rely on. */
function effectsIn(operation: Operation): Effects {
  const effects = effectsOf(operation);
  switch (operation.kind) {
    case "createExtension":
      return { ...effects, makes: [key("extension", operation.name)] };
    case "dropExtension":
      return { ...effects, destroys: [key("extension", operation.name)] };
    case "alterTable":
      return { ...effects, alters: [key("options", keyOf(tableOf(operation))), ...(converts(operation) ? effects.uses : [])] };
    case "backfill": {
      const read = mentions(...Object.values(operation.set), operation.where);
      return {
        ...effects,
        uses: [...effects.uses, ...[...read].map((name) => column(operation, name))],
        alters: Object.keys(operation.set).map((name) => column(operation, name)),
      };
    }
    case "alterEnum":
      return grows(operation) ? { ...effects, uses: [], alters: effects.alters.slice(0, 1) } : effects;
    case "renameTable":
      return { ...effects, makes: [...effects.makes, key("type", keyOf({ ...operation, name: operation.to }))] };
    case "createView":
    case "renameView":
      return {
        ...effects,
        makes: [...effects.makes, ...effects.makes.filter(isSort("relation")).map((thing) => thing.replace("relation", "type"))],
      };
    default:
      return effects;
  }
}

const sortOf = (thing: string): string => thing.slice(0, thing.indexOf(separator));
const isSort = (sort: string) => (thing: string) => sortOf(thing) === sort;

/** What the two do to one thing, where it matters which comes first. */
const pairs: readonly (readonly [EffectName, EffectName, (what: string, rename: boolean) => string])[] = [
  ["makes", "makes", (what) => `both add ${what}`],
  ["destroys", "destroys", (what, rename) => `both ${rename ? "rename or drop" : "drop"} ${what}`],
  ["alters", "alters", (what) => `both change ${what}`],
  ["destroys", "alters", (what, rename) => `one ${rename ? "renames" : "drops"} ${what}, the other changes it`],
  ["destroys", "uses", (what, rename) => `one ${rename ? "renames" : "drops"} ${what}, the other uses it`],
  ["destroys", "releases", (what, rename) => `one ${rename ? "renames" : "drops"} ${what}, the other drops what uses it`],
  ["makes", "destroys", (what) => `one adds ${what}, the other drops or renames one of that name`],
  ["makes", "alters", (what) => `one adds ${what}, the other changes one of that name`],
  ["makes", "uses", (what) => `one adds ${what}, the other uses one of that name`],
  ["alters", "uses", (what) => `one changes ${what}, the other uses it`],
];

function clash(a: Touched, b: Touched): string | null {
  for (const [one, two, say] of pairs) {
    for (const [x, y] of one === two ? [[a, b] as const] : [[a, b] as const, [b, a] as const]) {
      const other = new Set(y.effects[two]);
      const thing = x.effects[one].find((item) => other.has(item) && matters(item, one, two, x.operation, y.operation));
      if (thing !== undefined) return say(labelOf(thing, a, b), /^(rename|move)/.test(x.operation.kind));
    }
  }
  return hiddenRead(a, b) ?? hiddenRead(b, a) ?? extensionGone(a, b) ?? extensionGone(b, a);
}

function matters(thing: string, one: EffectName, two: EffectName, x: Operation, y: Operation): boolean {
  // two keys on the same columns are no trouble; one that a foreign key stands on is
  if (isSort("key")(thing)) return one === "destroys" && two === "uses";
  if (one !== "alters") return true;
  if (two === "alters") {
    return !(
      x.kind === "renameEnumValue" &&
      y.kind === "renameEnumValue" &&
      common(new Set([x.from, x.to]), new Set([y.from, y.to])) === undefined
    );
  }
  if (x.kind === "alterEnum") return !(grows(x) && isSort("type")(thing));
  if (x.kind === "backfill") return y.kind !== "addIndex" || y.index.unique === true;
  if (x.kind === "alterColumn")
    return rewrites(x) || ((fills(x) || nullability(x)) && (y.kind === "backfill" || /^add(Primary|Unique|Check|Exc|For)/.test(y.kind)));
  return true;
}

/** Values are only added: nothing that uses the type notices. */
const grows = ({ from, to, columns }: AlterEnum): boolean =>
  equal(
    to.filter((value) => from.includes(value)),
    from,
  ) && columns.every((use) => use.default === undefined || use.default.from === use.default.to);

const light = ({ default: _, comment: __, onUpdate: ___, nullable: ____, identity: _____, ...rest }: AlterColumn["from"]) => rest;
const rewrites = ({ from, to }: AlterColumn): boolean => !equal(light(from), light(to));
const nullability = ({ from, to }: AlterColumn): boolean => from.nullable !== to.nullable;
const fills = ({ fill, using }: AlterColumn): boolean => fill !== undefined || using !== undefined;
const converts = ({ from, to }: AlterTable): boolean => !equal({ ...from, comment: "" }, { ...to, comment: "" });

/** A view whose columns are not known reads what its text names; and all columns, where it says *. */
function hiddenRead(view: Touched, other: Touched): string | null {
  const { operation } = view;
  if (operation.kind !== "createView" && operation.kind !== "alterView" && operation.kind !== "dropView") return null;
  const change = other.operation;
  if (change.kind !== "dropColumn" && change.kind !== "renameColumn" && !(change.kind === "alterColumn" && rewrites(change))) return null;
  const table = key("relation", keyOf(tableOf(change)));
  if (![...view.effects.uses, ...view.effects.releases].includes(table)) return null;
  const name = change.kind === "renameColumn" ? change.from : change.kind === "dropColumn" ? change.column.name : change.to.name;
  const texts = operation.kind === "alterView" ? [operation.from.definition, operation.to.definition] : [operation.definition.definition];
  if (!mentions(...texts).has(name.toLowerCase()) && !texts.some((text) => text.includes("*"))) return null;
  return `one changes ${change.table}.${name}, which the view ${operation.view} of the other reads`;
}

/** Types, functions and operator classes come from extensions, and no name tells. */
function extensionGone(a: Touched, b: Touched): string | null {
  if (a.operation.kind !== "dropExtension" || !/^(create(Table|View)|add(Column|Index|Check|Exclusion)|alter)/.test(b.operation.kind))
    return null;
  return `can't be told: one drops the extension ${a.operation.name}, which the other may use`;
}

const builtIn =
  /^(?:big|small|tiny|medium)?int(?:eger|2|4|8)?$|^(?:text|bool|boolean|date|time|timestamp|timestamptz|timetz|jsonb?|uuid|bytea|real|float[48]?|double|numeric|decimal|money|interval|inet|cidr|macaddr|xml|point|year|datetime|(?:long|medium|tiny)?(?:text|blob)|bit|varbit|citext|varchar|char|tsvector|name|oid)$/;

/** The names that raw SQL would call these things by. */
function namesOf(effects: Effects): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of Object.keys(effects) as EffectName[]) {
    for (const thing of effects[name]) {
      const [sort = "", first = "", second = ""] = thing.split(separator);
      const said = sort === "name" ? second : (first.split("\u0000").at(-1) ?? "");
      if (sort === "type" && (builtIn.test(said) || !/^[\p{L}_][\p{L}\p{N}_$ ]*$/u.test(said))) continue;
      found.add(said);
      if (sort === "constraint") found.add(second);
    }
  }
  return found;
}

/** `users.email`, as the operations write it. */
function labelOf(thing: string, a: Touched, b: Touched): string {
  const [sort = "", ...parts] = thing.split(separator);
  const said = parts.map((part) =>
    part
      .split("\u0000")
      .map((name) => cased(name, a, b))
      .join("."),
  );
  const [first = "", second = ""] = said;
  switch (sort) {
    case "relation":
      return first;
    case "column":
      return `${first}.${second}`;
    case "name":
    case "constraint":
      return second;
    case "key":
      return `the key of ${first} on (${said.slice(1).join(", ")})`;
    case "namespace":
      return `schema ${first}`;
    case "options":
      return `the options of ${first}`;
    case "primary key":
      return `the primary key of ${first}`;
    default:
      return `${sort} ${first}`;
  }
}

/** Things are told apart in lower case; people read them as they were written. */
function cased(name: string, a: Touched, b: Touched): string {
  return spelled(a.operation, name) ?? spelled(b.operation, name) ?? name;
}

function spelled(value: unknown, name: string): string | undefined {
  if (typeof value === "string") return value.toLowerCase() === name ? value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const part of Object.values(value)) {
    const found = spelled(part, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
