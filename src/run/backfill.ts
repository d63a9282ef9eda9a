import type { Db } from "../core/db.ts";
import type { Batches } from "../core/statement.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { Place } from "./events.ts";
import { type Patience, retrying } from "./retry.ts";
import type { Turn } from "./sink.ts";
import { Stop } from "./stop.ts";
import { inTransaction } from "./transaction.ts";

/** A batch is to take about so long: others wait for its rows, and replicas for all of it. */
const targetMs = 500;
const most = 100_000;

/** Written with each batch, so that both stand or neither does. */
interface Progress {
  /** where the walk is; null at its beginning, and when it has ended */
  readonly at: string | null;
  readonly ended: boolean;
  /** changed until here, by this run and those before it */
  readonly rows: number;
  /** the second look, at rows that came while the first walk went on */
  readonly again: boolean;
}

interface Backfilling {
  readonly db: Db;
  readonly dialect: Dialect;
  readonly patience: Patience;
  /** writes the journal */
  readonly keep: (progress: string) => Promise<void>;
}

export async function backfill(batches: Batches, { db, dialect, patience, keep }: Backfilling, turn: Turn): Promise<void> {
  const walk = await dialect.walk(db, batches);
  let progress: Progress = turn.progress === null ? beginning : (JSON.parse(turn.progress) as Progress);
  let size = Math.min(batches.size, most);
  const tell = tellRows(patience, turn.place, progress.rows, await walk.left());

  const batch = () =>
    inTransaction(db, dialect, async () => {
      const { changed, at } = await walk.step(progress.at, size);
      const next = { ...progress, at, ended: at === null, rows: progress.rows + changed };
      await keep(JSON.stringify(next));
      return next;
    });

  for (;;) {
    while (!progress.ended) {
      const begun = performance.now();
      progress = await retrying(patience, turn.place, async () => {}, batch);
      turn.progress = JSON.stringify(progress);
      size = sizeAfter(size, performance.now() - begun);
      tell(progress.rows);
      if (patience.signal?.aborted && !progress.ended) throw new Stop();
    }
    if (progress.again || !batches.settles || progress.rows === 0 || (await walk.left()) === 0) return;
    progress = { ...progress, at: null, ended: false, again: true };
  }
}

const beginning: Progress = { at: null, ended: false, rows: 0, again: false };

/** Never more than twice, never less than half: one slow batch may have waited for a lock. */
function sizeAfter(size: number, ms: number): number {
  const factor = Math.min(2, Math.max(0.5, targetMs / Math.max(ms, 1)));
  return Math.max(1, Math.min(most, Math.round(size * factor)));
}

function tellRows({ onEvent }: Patience, place: Place, before: number, toDo: number): (rows: number) => void {
  const started = performance.now();
  return (rows) => {
    const perSecond = (rows - before) / Math.max((performance.now() - started) / 1000, 0.001);
    const left = Math.max(0, before + toDo - rows);
    const secondsLeft = perSecond > 0 ? Math.round(left / perSecond) : null;
    onEvent?.({ kind: "rows", ...place, rows, perSecond: Math.round(perSecond), left, secondsLeft });
  };
}
