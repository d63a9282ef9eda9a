import { type LimbeckError, usage } from "./errors.ts";
import { isSql, sqlOf } from "./sql.ts";

/**
 * How a value stands in a revision file. `read` takes what the file's author wrote, checked; `print` gives what is to be written.
 * One description serves both, so that what was written is what will be read.
 */
export interface Form<T> {
  read(value: unknown, where: string): T;
  print(value: T): unknown;
}

function wrong(where: string, what: string, value: unknown): LimbeckError {
  const said = value === undefined ? "nothing" : isSql(value) ? "sql`…`" : printed(value);
  return usage("bad-operation", `${where}: ${what} is expected, not ${said}.`, "correct the revision file", { where });
}

/** What JSON cannot say (a function, a bigint, a circle) must not hide the error. */
function printed(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}

function simple<T>(what: string, fits: (value: unknown) => boolean): Form<T> {
  return {
    read(value, where) {
      if (!fits(value)) throw wrong(where, what, value);
      return value as T;
    },
    print: (value) => value,
  };
}

export const text: Form<string> = simple("a text", (value) => typeof value === "string");
export const name: Form<string> = simple("a name", (value) => typeof value === "string" && value !== "");
export const number: Form<number> = simple("a number", (value) => typeof value === "number" && Number.isFinite(value));
export const boolean: Form<boolean> = simple("true or false", (value) => typeof value === "boolean");
export const truth: Form<true> = simple("true", (value) => value === true);
export const untruth: Form<false> = simple("false", (value) => value === false);

export const sqlText: Form<string> = {
  read(value, where) {
    if (!isSql(value)) throw wrong(where, "sql`…`", value);
    return value.sql;
  },
  print: sqlOf,
};

export function choice<T extends string>(...values: readonly T[]): Form<T> {
  return simple(values.map((value) => `"${value}"`).join(" or "), (value) => values.includes(value as T));
}

export function list<T>(item: Form<T>): Form<readonly T[]> {
  return {
    read(value, where) {
      if (!Array.isArray(value)) throw wrong(where, "a list", value);
      return value.map((one, i) => item.read(one, `${where}[${i}]`));
    },
    print: (values) => values.map((one) => item.print(one)),
  };
}

export function dictionary<T>(item: Form<T>): Form<Readonly<Record<string, T>>> {
  return {
    read: (value, where) => mapValues(plain(value, where), (one, key) => item.read(one, `${where}.${key}`)),
    print: (values) => mapValues(values, (one) => item.print(one)),
  };
}

type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };
type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]-?: NonNullable<T[K]> };
type Forms<T> = { readonly [K in keyof T]: Form<T[K]> };

/** An object. `lists` are always there in the record, and left out of the file when they are empty. */
export function record<T extends object, L extends keyof T = never>(
  required: Forms<Omit<Required<T>, L>>,
  optional: Forms<Optional<T>>,
  lists: Forms<Pick<T, L>> = {} as Forms<Pick<T, L>>,
): Form<T> {
  const forms = { ...required, ...optional, ...lists } as unknown as Record<string, Form<unknown>>;
  const listed = Object.keys(lists);
  return {
    read(value, where) {
      const given = plain(value, where);
      for (const key of Object.keys(given)) {
        if (!Object.hasOwn(forms, key)) throw wrong(where, `one of ${Object.keys(forms).join(", ")}`, key);
      }
      const read: Record<string, unknown> = {};
      for (const [key, form] of Object.entries(forms)) {
        const one = given[key];
        if (one !== undefined) read[key] = form.read(one, `${where}.${key}`);
        else if (listed.includes(key)) read[key] = [];
        else if (key in required) throw wrong(`${where}.${key}`, "a value", one);
      }
      return read as T;
    },
    print(value) {
      const entries = Object.entries(forms).flatMap(([key, form]) => {
        const one = (value as Record<string, unknown>)[key];
        const empty = one === undefined || (listed.includes(key) && Array.isArray(one) && one.length === 0);
        return empty ? [] : [[key, form.print(one)] as const];
      });
      return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b)));
    },
  };
}

/** People look for the name first. */
const leading = ["schema", "table", "name"];
function rank(key: string): number {
  const place = leading.indexOf(key);
  return place < 0 ? leading.length : place;
}

export function plain(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isSql(value)) throw wrong(where, "an object", value);
  return value as Readonly<Record<string, unknown>>;
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
