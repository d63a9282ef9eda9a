import type { TargetResult } from "../app/move/fleet.ts";
import type { RunEvent } from "../app/move/move.ts";
import { redact } from "../core/redact.ts";
import { targetText } from "./fleet.ts";
import { type Output, printable } from "./output.ts";
import { observe } from "./telemetry.ts";

export interface Progress {
  readonly event: (event: RunEvent) => void;
  /** a target of a fleet has ended */
  readonly target: (result: TargetResult, ended: number, total: number) => void;
  readonly end: () => void;
}

/** One line on a terminal, plain lines elsewhere, JSON lines with --json; on stderr. */
export function progress(out: Output): Progress {
  const shown = out.json ? json(out) : out.progress ? bar(out) : plain(out);
  return {
    ...shown,
    event(event) {
      observe(event);
      shown.event(event);
    },
  };
}

function json(out: Output): Progress {
  return {
    event: ({ kind, ...rest }) => out.event(kind, rest),
    target: (result, ended, total) => out.event("target", { ...result, ended, total }),
    end: () => {},
  };
}

const width = 24;

/** The revision among those of the run, the statement, what the server says of it, and who is in its way. */
function bar(out: Output): Progress {
  let [revision, of] = [0, 0];
  let [head, rest] = ["", ""];
  const clear = () => process.stderr.write("\r\u001b[2K");
  const draw = (share: number) => {
    const done = Math.min(width, Math.round(width * share));
    const line = `${head} [${"█".repeat(done)}${"░".repeat(width - done)}] ${rest}`;
    clear();
    process.stderr.write(fitted(redact(line), (process.stderr.columns || 80) - 1));
  };
  return {
    event(event) {
      if (event.kind === "plan") of = event.revisions;
      else if (event.kind === "waiting") {
        head = "waiting";
        rest = printable(event.holder);
        draw(0);
      } else if (event.kind === "revision") {
        revision += 1;
        head = `${printable(event.revision).slice(0, 12)} ${of > 1 ? `(${revision} of ${of})` : ""}`.trim();
      } else if ("index" in event) {
        rest = `${event.index + 1}/${event.total} ${said(event)}`;
        draw(shareOf(event));
      }
    },
    target(result, ended, total) {
      clear();
      if (result.state === "failed") process.stderr.write(`${printable(result.target)}  ${targetText(result, out)}\n`);
      head = `${ended} of ${total}`;
      rest = printable(result.target);
      draw(ended / total);
    },
    end: clear,
  };
}

type AtStatement = Extract<RunEvent, { index: number }>;

/** How much of the revision is done, the running statement's own progress counted in. */
function shareOf(event: AtStatement): number {
  const { done = null, total = null } = event.kind === "progress" ? event.server : {};
  const within = event.kind === "statementDone" ? 1 : done === null || !total ? 0 : done / total;
  return (event.index + within) / Math.max(1, event.total);
}

function said(event: AtStatement): string {
  switch (event.kind) {
    case "statement":
      return printable(event.sql.replace(/\s+/g, " "));
    case "blocked":
      return `waits for ${blockersText(event.blockers)}`;
    case "retry":
      return `${printable(event.reason)}, again in ${(event.pauseMs / 1000).toFixed(1)} s (${event.attempt} of ${event.of})`;
    case "progress":
      return `${printable(event.server.phase)}${percent(event.server)}`;
    case "rows":
      return `${event.rows} rows, ${Math.round(event.perSecond)} a second${event.secondsLeft === null ? "" : `, ${duration(event.secondsLeft)} left`}`;
    case "statementDone":
      return `done in ${Math.round(event.ms)} ms`;
  }
}

function percent({ done, total }: { readonly done: number | null; readonly total: number | null }): string {
  return done === null || total === null || total === 0 ? "" : ` ${Math.floor((100 * done) / total)} %`;
}

function blockersText(blockers: Extract<RunEvent, { kind: "blocked" }>["blockers"]): string {
  if (blockers.length === 0) return "a lock";
  return blockers
    .map(({ pid, user, state, seconds, query }) => {
      const parts = [`session ${pid}`, user, state, seconds === null ? "" : duration(seconds), query.replace(/\s+/g, " ").slice(0, 80)];
      return printable(parts.filter((part) => part !== "").join(", "));
    })
    .join("; ");
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** What takes two places on a terminal: the writings of East Asia, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Cut between characters: half an emoji is no text, and a line that is too long would leave a rest behind each time. */
function fitted(line: string, room: number): string {
  let [left, text] = [room, ""];
  for (const character of line) {
    left -= wide.test(character) ? 2 : 1;
    if (left < 0) break;
    text += character;
  }
  return text;
}

/** ms between two lines about one statement's own progress */
const often = 10_000;

function plain(out: Output): Progress {
  let last = 0;
  const seldom = (line: string) => {
    if (performance.now() - last < often) return;
    last = performance.now();
    out.note(line);
  };
  return {
    event(event) {
      if (event.kind === "waiting") out.note(`waiting for another run to end: ${printable(event.holder)}`);
      else if (event.kind === "revision") {
        const { direction, revision, message, total } = event;
        last = performance.now();
        out.note(printable(`${direction} ${revision} ${message} (${total} statement${total === 1 ? "" : "s"})`));
      } else if (event.kind === "blocked" || event.kind === "retry") out.note(`${place(event)} ${said(event)}`);
      else if (event.kind === "progress" || event.kind === "rows") seldom(`${place(event)} ${said(event)}`);
      else if (event.kind === "statement" && out.verbose) out.note(`${place(event)} ${said(event)}`);
    },
    target(result, ended, total) {
      if (result.state === "failed" || out.verbose) out.note(`${ended}/${total} ${printable(result.target)}  ${targetText(result, out)}`);
    },
    end: () => {},
  };
}

const place = ({ revision, index, total }: AtStatement): string => `${printable(revision)} ${index + 1}/${total}`;
