import type { Operation } from "../../core/operation.ts";
import type { Builder } from "../../core/operations/builder.ts";
import { reverse } from "../../core/operations/index.ts";
import { type Index, keyOf, type View } from "../../core/schema.ts";
import { equal, fingerprint } from "../../diff/equal.ts";

/**
 * What was somebody else's before a revision had to put it out of the way and back, a view over a column that it changed, a foreign key of
 * another team's table, is somebody else's afterwards: a history that took it for its own would have it dropped one day.
 */
export class Strangers {
  /** what would bring one back, and what was said of its going */
  readonly #gone = new Map<string, string>();
  readonly #indexes = new Map<string, readonly Index[]>();

  /** The history does not know what the operation drops. */
  leave(operation: Operation, said: string): boolean {
    const back = operation.kind.startsWith("drop") ? reverse(operation) : null;
    if (back !== null) this.#gone.set(shape(back), said);
    return back !== null;
  }

  return(operation: Operation): boolean {
    return this.#gone.size > 0 && this.#gone.delete(shape(operation));
  }

  /** What was said of those that did not come back. */
  lost(): readonly string[] {
    return [...this.#gone.values()];
  }

  /** The operation without the indexes that others made on a materialised view of ours. */
  without(operation: Operation, builder: Builder): Operation {
    if (operation.kind === "dropView") {
      this.#note(operation.definition, builder);
      return operation;
    }
    if (operation.kind === "createView") return { ...operation, definition: this.#ours(operation.definition) };
    if (operation.kind !== "alterView") return operation;
    this.#note(operation.from, builder);
    return { ...operation, to: this.#ours(operation.to) };
  }

  #note(view: View, builder: Builder): void {
    const known = builder.view(view);
    if (known === undefined || view.indexes.length === 0) return;
    const names = new Set(known.indexes.map(({ name }) => name));
    this.#indexes.set(
      keyOf(view),
      view.indexes.filter(({ name }) => !names.has(name)),
    );
  }

  #ours(view: View): View {
    const others = this.#indexes.get(keyOf(view)) ?? [];
    return others.length === 0 ? view : { ...view, indexes: view.indexes.filter((index) => !others.some((other) => equal(other, index))) };
  }
}

/** What a view reads is only noted, and is noted otherwise after a change. */
function shape(operation: Operation): string {
  if (operation.kind !== "createView") return fingerprint(operation);
  const { reads: _, ...definition } = operation.definition;
  return fingerprint({ ...operation, definition });
}
