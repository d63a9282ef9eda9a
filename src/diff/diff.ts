import type { Operation } from "../core/operation.ts";
import type { Point } from "../core/revision.ts";
import type { Rules } from "../core/rules.ts";
import type { PropertyNames, Schema } from "../core/schema.ts";
import { usingPoints } from "./columns.ts";
import { enumValueQuestions } from "./enum-values.ts";
import { enumChanges } from "./enums.ts";
import { order } from "./order.ts";
import { type Besides, columnQuestions, numbered } from "./renames.ts";
import { indexed, scopeOf } from "./scope.ts";
import type { NameOnly, Unmanaged } from "./scope-report.ts";
import { stage } from "./stage.ts";
import { tableQuestions } from "./table-renames.ts";
import { tableChanges } from "./tables.ts";
import { viewChanges } from "./views.ts";

export interface DiffOptions {
  readonly rules: Rules;
  /** what the revisions that are applied say; null: there is no history */
  readonly known: Schema | null;
  /** other names alone are differences, too */
  readonly names?: boolean;
  /** what the entities call the columns of the one side */
  readonly properties?: PropertyNames;
}

export interface Difference {
  /** in an order that can be carried out */
  readonly operations: readonly Operation[];
  /** what people must decide: the operations are the answer that loses no time, not the one that keeps the most */
  readonly review: readonly Point[];
  readonly unmanaged: readonly Unmanaged[];
  readonly names: readonly NameOnly[];
}

/** How a database becomes what the models say. Both sides are in one spelling already: equal texts are equal. */
export function diff(from: Schema, to: Schema, { rules, known, names = false, properties }: DiffOptions): Difference {
  const scope = scopeOf(from, to, { rules, known, names });
  const { wanted } = scope;
  const enums = enumChanges(from, wanted, rules);
  const context = { rules, alteredEnums: enums.alteredEnums };
  const changes = [
    ...named(from.namespaces, wanted.namespaces, "createSchema", "dropSchema"),
    ...named(from.extensions, wanted.extensions, "createExtension", "dropExtension"),
    ...enums.operations,
    ...tableChanges(enums.from, wanted, context),
    ...viewChanges(enums.from, wanted, rules),
  ];
  const operations = order(stage(changes, enums.from, wanted, rules));
  const review = questions(changes, from, wanted, rules, { collateral: scope.collateral, properties });
  return { operations, review, unmanaged: scope.unmanaged, names: scope.names };
}

function named<A extends "createSchema" | "createExtension", D extends "dropSchema" | "dropExtension">(
  had: readonly string[],
  wanted: readonly string[],
  create: A,
  drop: D,
): readonly Operation[] {
  const operation = (kind: A | D) => (name: string) => ({ kind, name }) as Operation;
  return [
    ...wanted.filter((name) => !had.includes(name)).map(operation(create)),
    ...had.filter((name) => !wanted.includes(name)).map(operation(drop)),
  ];
}

function questions(changes: readonly Operation[], from: Schema, wanted: Schema, rules: Rules, besides: Besides): readonly Point[] {
  const needsTables = changes.some(({ kind }) => kind === "dropColumn");
  return numbered([
    ...tableQuestions(changes),
    ...(needsTables ? columnQuestions(changes, indexed(from.tables), indexed(wanted.tables), besides) : []),
    ...enumValueQuestions(changes),
    ...usingPoints(changes, rules),
  ]);
}
