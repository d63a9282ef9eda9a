import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "../../../src/app/move/move.ts";
import { type Output, output } from "../../../src/cli/output.ts";
import { progress } from "../../../src/cli/progress.ts";
import { hide } from "../../../src/core/redact.ts";

const place = { revision: "504e237d4188", index: 1, total: 4 };
const blocker = { pid: "42", user: "ada", state: "idle in transaction", seconds: 125, query: "UPDATE exams\n SET grade = 1" };
const revision: RunEvent = { kind: "revision", revision: place.revision, direction: "upgrade", message: "add\u001b[2J a grade", total: 4 };

/** What each event makes of the line, in words. */
const lines: readonly (readonly [string, RunEvent, string])[] = [
  ["a statement", { kind: "statement", ...place, sql: "CREATE INDEX\n  ix ON exams (title)" }, "2/4 CREATE INDEX ix ON exams (title)"],
  [
    "who is in its way",
    { kind: "blocked", ...place, blockers: [blocker, { ...blocker, pid: "43", user: "", seconds: null, query: "x".repeat(200) }] },
    `2/4 waits for session 42, ada, idle in transaction, 2 min, UPDATE exams SET grade = 1; session 43, idle in transaction, ${"x".repeat(80)}`,
  ],
  ["nobody who could be seen", { kind: "blocked", ...place, blockers: [] }, "2/4 waits for a lock"],
  [
    "another try",
    { kind: "retry", ...place, attempt: 2, of: 6, pauseMs: 3456, reason: "lock\u0007 timeout", blockers: [] },
    "2/4 lock\\u0007 timeout, again in 3.5 s (2 of 6)",
  ],
  [
    "the server's own progress",
    { kind: "progress", ...place, server: { phase: "building index: scanning table", done: 1234, total: 5000 } },
    "2/4 building index: scanning table 24 %",
  ],
  [
    "progress without an end",
    { kind: "progress", ...place, server: { phase: "waiting for writers", done: null, total: null } },
    "2/4 waiting for writers",
  ],
  ["progress of nothing", { kind: "progress", ...place, server: { phase: "sorting", done: 0, total: 0 } }, "2/4 sorting"],
  [
    "a backfill",
    { kind: "rows", ...place, rows: 120_000, perSecond: 4321.6, left: 900_000, secondsLeft: 208 },
    "2/4 120000 rows, 4322 a second, 3 min left",
  ],
  [
    "a backfill of which nothing is known yet",
    { kind: "rows", ...place, rows: 0, perSecond: 0, left: 900_000, secondsLeft: null },
    "2/4 0 rows, 0 a second",
  ],
  [
    "a backfill for hours",
    { kind: "rows", ...place, rows: 1, perSecond: 1, left: 9000, secondsLeft: 9000 },
    "2/4 1 rows, 1 a second, 2.5 h left",
  ],
  ["a statement's end", { kind: "statementDone", ...place, ms: 12.4 }, "2/4 done in 12 ms"],
];

describe("the bar", () => {
  const drawn: string[] = [];
  const bar = () => progress({ ...output({ color: false }), json: false, progress: true });
  const last = () => drawn.at(-1) ?? "";
  const columns = process.stderr.columns;
  beforeEach(() => {
    drawn.length = 0;
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      drawn.push(String(text));
      return true;
    });
    process.stderr.columns = 300;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.stderr.columns = columns;
  });

  it.each(lines)("says %s", (_, event, words) => {
    const shown = bar();
    shown.event({ kind: "plan", revisions: 3 });
    shown.event(revision);
    shown.event(event);
    expect(last()).toMatch(/^504e237d4188 \(1 of 3\) \[[█░]{24}\] /);
    expect(last().replace(/^.*?\] /, "")).toBe(words);
  });

  it("grows with the statements, and within one with what the server says", () => {
    const shown = bar();
    const full = (event: RunEvent) => {
      shown.event(event);
      return last().split("█").length - 1;
    };
    shown.event(revision);
    expect(full({ kind: "statement", ...place, index: 0, sql: "SELECT 1" })).toBe(0);
    expect(full({ kind: "statement", ...place, sql: "SELECT 1" })).toBe(6);
    expect(full({ kind: "progress", ...place, server: { phase: "scanning", done: 50, total: 100 } })).toBe(9);
    // a server may count more than it had expected
    expect(full({ kind: "progress", ...place, index: 3, server: { phase: "scanning", done: 300, total: 100 } })).toBe(24);
    expect(full({ kind: "statementDone", ...place, index: 3, ms: 1 })).toBe(24);
  });

  it("stays on one line of the terminal, cut between characters", () => {
    process.stderr.columns = 60;
    const shown = bar();
    shown.event(revision);
    for (const [sql, places] of [
      ["SELECT 'x'".repeat(100), 59],
      [`SELECT ${"😀".repeat(100)}`, 51 + 4],
      [`SELECT ${"漢".repeat(100)}`, 51 + 4],
      ["SELECT\r\n1\u001b[2J\u2028", 60],
    ] as const) {
      shown.event({ kind: "statement", ...place, sql });
      expect([...last()].length).toBeLessThanOrEqual(places);
      expect(last()).not.toMatch(/\p{Cs}|\p{Cc}|\u2028/u);
    }
  });

  it("says whom another run waits for, has no password, and is gone at the end", () => {
    hide("opensesame");
    const shown = bar();
    shown.event({ kind: "waiting", holder: "session 7\u001b[1m, running: SET x = 'opensesame'" });
    expect(last()).toMatch(/^waiting \[░{24}\] session 7\\u001b\[1m, running: SET x = '\*\*\*'$/);
    shown.end();
    expect(last()).toBe("\r\u001b[2K");
  });

  it("of a fleet says how many have ended, and keeps what failed", () => {
    const result = {
      target: "ber\u0007lin",
      state: "failed",
      revisions: [],
      heads: [],
      ms: 5,
      error: { code: "x", message: "no", hint: "" },
    } as const;
    bar().target(result, 3, 12);
    expect(drawn.find((text) => text.endsWith("\n"))).toMatch(/^ber\\u0007lin {2}failed +x: no {2}5 ms\n$/);
    expect(last()).toMatch(/^3 of 12 \[█{6}░{18}\] ber\\u0007lin$/);
  });
});

describe("plain lines, as a pipeline has them,", () => {
  const noted: string[] = [];
  const plain = (verbose = false): ReturnType<typeof progress> => {
    const out: Output = { ...output({ color: false }), json: false, progress: false, verbose, note: (text) => noted.push(text) };
    return progress(out);
  };
  beforeEach(() => {
    noted.length = 0;
  });

  it("name the revision, and at once whatever holds it up", () => {
    const shown = plain();
    shown.event(revision);
    for (const [, event] of lines.filter(([, { kind }]) => kind === "blocked" || kind === "retry")) shown.event(event);
    expect(noted[0]).toBe("upgrade 504e237d4188 add\\u001b[2J a grade (4 statements)");
    expect(noted.slice(1)).toEqual([
      expect.stringMatching(/^504e237d4188 2\/4 waits for session 42/),
      "504e237d4188 2/4 waits for a lock",
      "504e237d4188 2/4 lock\\u0007 timeout, again in 3.5 s (2 of 6)",
    ]);
  });

  it("say seldom how far a long statement is, and each statement only with -v", () => {
    const now = vi.spyOn(performance, "now");
    const [statement, far] = [lines[0]?.[1], lines[4]?.[1]];
    if (statement === undefined || far === undefined) throw new Error("no events");
    const shown = plain();
    for (const ms of [0, 5_000, 11_000, 12_000, 22_000]) {
      now.mockReturnValue(ms);
      shown.event(ms === 0 ? revision : far);
      shown.event(statement);
    }
    now.mockRestore();
    expect(noted.slice(1)).toEqual(Array(2).fill("504e237d4188 2/4 building index: scanning table 24 %"));
    plain(true).event(statement);
    expect(noted.at(-1)).toBe("504e237d4188 2/4 CREATE INDEX ix ON exams (title)");
  });
});
