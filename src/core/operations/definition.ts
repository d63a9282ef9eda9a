import { LimbeckError, usage } from "../errors.ts";
import { record, truth, untruth } from "../form.ts";
import type { Flavor, IfExists, Online, Operation } from "../operation.ts";
import type { Schema } from "../schema.ts";

/** All that is known of one kind of operation. */
export interface Definition<O extends Operation> {
  /** from the arguments that stand in a revision file, checked */
  make(args: readonly unknown[]): O;
  /** the arguments as they are written into a file */
  args(operation: O): readonly unknown[];
  /** what takes it back; null when nothing can */
  reverse(operation: O): Operation | null;
  apply(schema: Schema, operation: O, flavor: Flavor): Schema;
  /** one line for people */
  describe(operation: O): string;
}

/** Says in which call an argument was wrong. */
export function reading<O>(call: string, args: readonly unknown[], most: number, read: () => O): O {
  if (args.length > most) {
    throw usage("bad-operation", `op.${call} takes at most ${most} arguments, not ${args.length}.`, "correct the revision file", { call });
  }
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LimbeckError)) throw error;
    throw usage(error.code, `op.${call}(…): ${error.message}`, error.hint, { ...error.details, call });
  }
}

const online = record<Online>({}, { online: untruth });

/** The last argument of what can be done beside others' work, or plainly. */
export const onlineIn = (args: readonly unknown[], place: number): Online => online.read(args[place] ?? {}, "options");
export const onlineArgs = (op: Online): readonly unknown[] => (op.online === undefined ? [] : [online.print(op)]);

const dropping = record<Online & IfExists>({}, { online: untruth, ifExists: truth });

/** The same of what may not be there to be dropped. */
export const droppingIn = (args: readonly unknown[], place: number): Online & IfExists => dropping.read(args[place] ?? {}, "options");
export const droppingArgs = (op: Online & IfExists): readonly unknown[] =>
  op.online === undefined && op.ifExists === undefined ? [] : [dropping.print(op)];

/** The change; where what it drops may not be there and is not, the schema as it is. */
export function unlessGone(schema: Schema, { ifExists }: IfExists, change: () => Schema): Schema {
  try {
    return change();
  } catch (error) {
    if (ifExists && error instanceof LimbeckError && error.code === "not-there") return schema;
    throw error;
  }
}

/** Leaves out what is not there. */
export function given<T extends object>(
  value: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: NonNullable<T[K]>;
} {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
