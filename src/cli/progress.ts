import type { RunEvent } from "../app/move.ts";
import { type Output, printable } from "./output.ts";

export interface Progress {
  readonly event: (event: RunEvent) => void;
  readonly end: () => void;
}

const width = 24;

/** One line on a terminal: the revision, how far it is, the statement. Elsewhere a plain line a revision, on stderr. */
export function progress(out: Output): Progress {
  return out.progress ? bar() : plain(out);
}

function bar(): Progress {
  const clear = () => process.stderr.write("\r\u001b[2K");
  return {
    event(event) {
      if (event.kind !== "statement") return;
      const done = Math.round((width * event.index) / Math.max(1, event.total));
      const head = `${event.revision.slice(0, 12)} [${"█".repeat(done)}${"░".repeat(width - done)}] ${event.index + 1}/${event.total} `;
      const room = Math.max(0, (process.stderr.columns ?? 80) - head.length - 1);
      const sql = printable(event.sql.replace(/\s+/g, " ")).slice(0, room);
      clear();
      process.stderr.write(head + sql);
    },
    end: clear,
  };
}

function plain(out: Output): Progress {
  return {
    event(event) {
      if (event.kind === "waiting") out.note(`waiting for another run to end: ${printable(event.holder)}`);
      if (out.verbose && event.kind === "statement")
        out.note(`${event.revision} ${event.index + 1}/${event.total} ${printable(event.sql)}`);
    },
    end: () => {},
  };
}
