import { name } from "../form.ts";
import type { CreateExtension, CreateSchema, DropExtension, DropSchema } from "../operation.ts";
import { missing, there } from "./change.ts";
import { type Definition, reading } from "./definition.ts";

const plus = (list: readonly string[], one: string, kind: string): readonly string[] => {
  if (list.includes(one)) throw there(`${kind} ${one}`, "");
  return [...list, one].sort();
};
const minus = (list: readonly string[], one: string, kind: string): readonly string[] => {
  if (!list.includes(one)) throw missing(`${kind} ${one}`, "");
  return list.filter((other) => other !== one);
};
const nameIn = (call: string, args: readonly unknown[]): string => reading(call, args, 1, () => name.read(args[0], "name"));

export const createSchema: Definition<CreateSchema> = {
  make: (args) => ({ kind: "createSchema", name: nameIn("createSchema", args) }),
  args: (op) => [op.name],
  reverse: (op) => ({ kind: "dropSchema", name: op.name }),
  apply: (schema, op) => ({ ...schema, namespaces: plus(schema.namespaces, op.name, "schema") }),
  describe: (op) => `create schema ${op.name}`,
};

export const dropSchema: Definition<DropSchema> = {
  make: (args) => ({ kind: "dropSchema", name: nameIn("dropSchema", args) }),
  args: (op) => [op.name],
  reverse: (op) => ({ kind: "createSchema", name: op.name }),
  apply: (schema, op) => ({ ...schema, namespaces: minus(schema.namespaces, op.name, "schema") }),
  describe: (op) => `drop schema ${op.name}`,
};

export const createExtension: Definition<CreateExtension> = {
  make: (args) => ({ kind: "createExtension", name: nameIn("createExtension", args) }),
  args: (op) => [op.name],
  reverse: (op) => ({ kind: "dropExtension", name: op.name }),
  apply: (schema, op) => ({ ...schema, extensions: plus(schema.extensions, op.name, "extension") }),
  describe: (op) => `create extension ${op.name}`,
};

export const dropExtension: Definition<DropExtension> = {
  make: (args) => ({ kind: "dropExtension", name: nameIn("dropExtension", args) }),
  args: (op) => [op.name],
  reverse: (op) => ({ kind: "createExtension", name: op.name }),
  apply: (schema, op) => ({ ...schema, extensions: minus(schema.extensions, op.name, "extension") }),
  describe: (op) => `drop extension ${op.name}`,
};
