import type { EntityManager } from "typeorm";
import { refused, usage } from "../core/errors.ts";
import type { Op } from "../core/op.ts";
import { reverseAll } from "../core/operations/index.ts";
import { record } from "../core/record.ts";
import type { Point, Recording, Revision } from "../core/revision.ts";
import { type MigrationClass, migrationClass } from "./typeorm.ts";

/** What a revision file says. */
export interface Declaration {
  readonly id: string;
  readonly parents: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly labels?: readonly string[];
  readonly replaces?: readonly string[];
  /** it runs a migration that TypeORM knows by this name (`fromTypeorm`) */
  readonly typeorm?: string;
  /** a database was there before: its names of keys and indexes stay, whatever the models call them */
  readonly adopted?: true;
  readonly message: string;
  readonly createdAt: string;
  /** open questions: with one of them the revision does not run */
  readonly review?: readonly Point[];
  upgrade(op: Op<EntityManager>): void;
  /** left out: the reverse of the upgrade */
  downgrade?(op: Op<EntityManager>): void;
}

/** Known across copies of the package: the file may have imported another one. */
const mark = Symbol.for("limbeck.revision");

/** What a revision file exports: a revision for us, a migration class for TypeORM's own runner. */
export function revision(declaration: Declaration): MigrationClass {
  checked(declaration);
  let recorded: Revision | undefined;
  const read = (): Revision => {
    recorded ??= recordedOf(declaration);
    return recorded;
  };
  return Object.assign(migrationClass(declaration, read), { [mark]: read });
}

/** The revision among a module's exports; null when there is none. */
export function declared(module: Readonly<Record<string, unknown>>): Revision | null {
  // compiled to CommonJS and imported, the default export stands one deeper
  const nested = (module.default as Record<string, unknown> | undefined)?.default;
  for (const candidate of [module.default, nested, ...Object.values(module)]) {
    const read = (candidate as { [mark]?: () => Revision } | null | undefined)?.[mark];
    if (read !== undefined) return read();
  }
  return null;
}

function recordedOf(declaration: Declaration): Revision {
  const { id, parents, dependsOn = [], labels = [], replaces = [], message, createdAt, typeorm, adopted, review = [] } = declaration;
  const upgrade = record((op) => declaration.upgrade(op as Op<EntityManager>));
  let back: Recording | undefined;
  return {
    id,
    parents,
    dependsOn,
    labels,
    replaces,
    message,
    createdAt,
    ...(typeorm === undefined ? {} : { typeorm }),
    ...(adopted === undefined ? {} : { adopted }),
    review,
    upgrade,
    // a replay of the history never asks for it
    get downgrade() {
      back ??= declaration.downgrade === undefined ? backOf(id, upgrade) : record((op) => declaration.downgrade?.(op as Op<EntityManager>));
      return back;
    },
  };
}

function backOf(id: string, upgrade: Recording): Recording {
  const { operations, irreversible } = reverseAll(upgrade.operations);
  const [first] = irreversible;
  if (first === undefined) return { operations, code: [] };
  const kind = upgrade.operations[first]?.kind ?? "";
  throw refused(
    "irreversible",
    `Revision ${id} has no downgrade, and its op.${kind} can't be taken back by itself.`,
    "write downgrade(op) in the file",
    {
      revision: id,
      operation: first,
    },
  );
}

function checked({ id, parents, message, upgrade }: Declaration): void {
  if (typeof id !== "string" || id === "") throw usage("bad-revision", "A revision needs an id, a text.", 'revision({ id: "…", … })');
  if (!Array.isArray(parents))
    throw usage("bad-revision", `Revision ${id} needs parents, a list (empty for the first one).`, 'parents: ["…"]');
  if (typeof message !== "string") throw usage("bad-revision", `Revision ${id} needs a message, a text.`, 'message: "…"');
  if (typeof upgrade !== "function") throw usage("bad-revision", `Revision ${id} needs upgrade(op).`, "upgrade(op) { … }");
}
