import { type LimbeckError, refused } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import { pointText } from "../../core/point.ts";
import type { Point, Revision } from "../../core/revision.ts";
import type { Rules } from "../../core/rules.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import type { Step } from "../../run/step.ts";

/** What a run refuses before anything is sent. */
export function openPoints({ id, review }: Pick<Revision, "id" | "review">): LimbeckError {
  const said = review.map((point) => `${point.id} ${pointText(point)}`).join(", ");
  const renames = review.some(({ kind }) => kind !== "using");
  return refused(
    "open-review",
    `Revision ${id} has ${review.length} open review point${review.length === 1 ? "" : "s"}: ${said}. Nothing was run.`,
    [
      ...review.map((point) => `limbeck resolve ${id} ${answerTo(point)}`),
      ...(renames ? [`or, where it is no rename: limbeck resolve ${id} --all drop`] : []),
    ].join("\n"),
    { revision: id, review },
  );
}

function answerTo({ kind, schema, table, column, from, to }: Point): string {
  const place = schema === undefined ? table : `${schema}.${table}`;
  switch (kind) {
    case "renameTable":
    case "renameView":
      return `--rename-table ${from}:${to}`;
    case "using":
      return `--using ${place}.${column ?? from}=EXPRESSION`;
    case "renameEnumValue":
      return `--rename ${column === undefined ? place : `${place}.${column}`}.${from}:${to}`;
    case "rename":
      return `--rename ${place}.${from}:${to}`;
  }
}

export interface Loss {
  readonly revision: string;
  readonly message: string;
  readonly sql: string;
}

export function refuseLosses(losses: readonly Loss[]): void {
  if (losses.length === 0) return;
  const said = losses.map(({ revision, message }) => `${revision}: ${message}`).join("; ");
  throw refused(
    "data-loss",
    `${losses.length} statement${losses.length === 1 ? " loses" : "s lose"} data: ${said}.`,
    'run without --safe, or set safety.dataLoss to "warn", when that is meant',
    { losses },
  );
}

/** A change of type that the server has no cast for, and whose expression nobody has said: most often on the way back. */
export function refuseUnknownCasts({ conversion }: Pick<Rules, "conversion">, steps: readonly Step[]): void {
  for (const { id, direction, operations } of steps) {
    for (const operation of operations) {
      if (operation.kind !== "alterColumn" || operation.using !== undefined) continue;
      const { from, to, table } = operation;
      const found = from.type === to.type || to.generated !== undefined ? null : conversion(from, to);
      if (found?.kind !== "ask") continue;
      const guess = found.guess ?? "…";
      throw refused(
        "cast-unknown",
        `The ${direction} of ${id} turns ${table}.${to.name} from ${from.type} into ${to.type}, and how is not said: ${found.because}.`,
        `say it in ${direction}(op) of its file: op.alterColumn("${table}", "${to.name}", { … }, { using: sql\`${guess}\` })`,
        { revision: id, table, column: to.name, from: from.type, to: to.type },
      );
    }
  }
}

/** What a COMMIT of the author's has ended can't be taken back, and the journal would not know of it. */
export function refuseTransactionWords({ transactionWord }: Dialect, steps: readonly Step[]): void {
  if (transactionWord === undefined) return;
  for (const { id, direction, operations } of steps) {
    const word = sqlIn(operations).flatMap((sql) => transactionWord(sql) ?? [])[0];
    if (word === undefined) continue;
    throw refused(
      "transaction-in-sql",
      `The ${direction} of ${id} says ${word} in its SQL, but a revision runs in a transaction of the runner's. Nothing was run.`,
      "take it out: what is to be committed apart is a revision of its own; or run without transactions: --transaction none",
      { revision: id, word },
    );
  }
}

const sqlIn = (operations: readonly Operation[]): readonly string[] =>
  operations.flatMap((one) => (one.kind === "execute" ? [one.sql] : one.kind === "on" ? sqlIn(one.operations) : []));
