import { name, record, truth } from "../form.ts";
import type { AlterView, CreateView, DropView, RenameView } from "../operation.ts";
import { labelOf, type QualifiedName, type View, type ViewRead } from "../schema.ts";
import { added, isNamed, removed, replaced, there, withReads } from "./change.ts";
import { type Definition, given, reading } from "./definition.ts";
import { nameRef, viewBody } from "./shapes.ts";

const kindOf = (view: { readonly materialized?: true }): string => (view.materialized ? "materialised view" : "view");
const nameOf = (op: { readonly schema?: string; readonly view: string }): QualifiedName => ({
  ...given({ schema: op.schema }),
  name: op.view,
});

const definitionIn = (call: string, args: readonly unknown[]) =>
  reading(call, args, 2, () => {
    const ref = nameRef.read(args[0], "view");
    return { ...given({ schema: ref.schema }), view: ref.name, definition: { ...ref, ...viewBody.read(args[1], "definition") } };
  });
const definitionArgs = (op: CreateView | DropView): readonly unknown[] => [nameRef.print(op.definition), viewBody.print(op.definition)];

export const createView: Definition<CreateView> = {
  make: (args) => ({ kind: "createView", ...definitionIn("createView", args) }),
  args: definitionArgs,
  reverse: (op) => ({ ...op, kind: "dropView" }),
  apply: (schema, op) => ({ ...schema, views: added(schema.views, op.definition, "view") }),
  describe: (op) => `create ${kindOf(op.definition)} ${labelOf(nameOf(op))}`,
};

export const dropView: Definition<DropView> = {
  make: (args) => ({ kind: "dropView", ...definitionIn("dropView", args) }),
  args: definitionArgs,
  reverse: (op) => ({ ...op, kind: "createView" }),
  apply: (schema, op) => ({ ...schema, views: removed(schema.views, nameOf(op), "view") }),
  describe: (op) => `drop ${kindOf(op.definition)} ${labelOf(nameOf(op))}`,
};

const bodies = record<{ from: Omit<View, "name" | "schema">; to: Omit<View, "name" | "schema"> }>({ from: viewBody, to: viewBody }, {});

export const alterView: Definition<AlterView> = {
  make: (args) =>
    reading("alterView", args, 2, () => {
      const ref = nameRef.read(args[0], "view");
      const { from, to } = bodies.read(args[1], "change");
      return { kind: "alterView", ...given({ schema: ref.schema }), view: ref.name, from: { ...ref, ...from }, to: { ...ref, ...to } };
    }),
  args: (op) => [nameRef.print(nameOf(op)), bodies.print(op)],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply: (schema, op) => ({ ...schema, views: replaced(schema.views, nameOf(op), "view", () => op.to) }),
  describe: (op) => `change ${kindOf(op.to)} ${labelOf(nameOf(op))}`,
};

const renameOptions = record<Pick<RenameView, "materialized">>({}, { materialized: truth });

export const renameView: Definition<RenameView> = {
  make: (args) =>
    reading("renameView", args, 3, () => {
      const ref = nameRef.read(args[0], "from");
      return {
        kind: "renameView",
        ...given({ schema: ref.schema }),
        from: ref.name,
        to: name.read(args[1], "to"),
        ...renameOptions.read(args[2] ?? {}, "options"),
      };
    }),
  args: (op) => [
    nameRef.print({ ...given({ schema: op.schema }), name: op.from }),
    op.to,
    ...(op.materialized ? [renameOptions.print({ materialized: true })] : []),
  ],
  reverse: (op) => ({ ...op, from: op.to, to: op.from }),
  apply(schema, op) {
    const [from, to] = [op.from, op.to].map((name) => ({ ...given({ schema: op.schema }), name })) as [QualifiedName, QualifiedName];
    if (schema.views.some(isNamed(to))) throw there(`view ${labelOf(to)}`, "");
    const read = (one: ViewRead): ViewRead => (isNamed(from)(one) ? { ...one, name: op.to } : one);
    const views = replaced(schema.views, from, "view", (view) => ({ ...view, name: op.to }));
    return { ...schema, views: views.map((view) => withReads(view, read)) };
  },
  describe: (op) => `rename ${kindOf(op)} ${labelOf({ ...given({ schema: op.schema }), name: op.from })} to ${op.to}`,
};
