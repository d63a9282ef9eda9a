import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunEvent } from "../app/move/move.ts";
import { LimbeckError } from "../core/errors.ts";
import { version } from "../core/version.ts";

/** What is used of @opentelemetry/api, the user's own. */
interface Api {
  readonly trace: {
    getTracer(name: string, version: string): { startSpan(name: string, options: { attributes: Attributes }, context: unknown): Span };
    setSpan(context: unknown, span: Span): unknown;
  };
  readonly context: { active(): unknown };
  readonly SpanStatusCode: { readonly ERROR: number };
}
interface Span {
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  addEvent(name: string, attributes: Attributes): unknown;
  end(): void;
}
type Attributes = Readonly<Record<string, string | number | boolean>>;

interface Trace {
  readonly api: Api;
  /** the command's, the revision's, the statement's: each within the one before */
  readonly open: Span[];
}

let trace: Trace | null = null;

/** A span for the command, where the project has OpenTelemetry; its SDK is the user's to start: NODE_OPTIONS="--import ./tracing.js". */
export function beginTrace(command: string, cwd: string): void {
  const api = apiOf(cwd);
  if (api === null) return;
  trace = { api, open: [] };
  begin(`limbeck ${command}`, { "limbeck.command": command });
}

/** A statement's text may hold the users' data: only its first words are told. */
export function observe(event: RunEvent): void {
  if (trace === null) return;
  if (event.kind === "revision") {
    close(1);
    begin(`limbeck ${event.direction} ${event.revision}`, {
      "limbeck.revision": event.revision,
      "limbeck.direction": event.direction,
      "limbeck.statements": event.total,
    });
  } else if (event.kind === "statement") {
    // after a retry it is begun again
    close(2);
    const words = /^\s*(?:--[^\n]*\n\s*)*([a-z]+(?:\s+[a-z]+)?)/i.exec(event.sql)?.[1]?.toUpperCase() ?? "statement";
    begin(words, { "limbeck.revision": event.revision, "limbeck.statement": event.index + 1, "db.operation.name": words });
  } else if (event.kind === "retry") trace.open.at(-1)?.addEvent("retry", { attempt: event.attempt, pauseMs: event.pauseMs });
  else if (event.kind === "blocked") trace.open.at(-1)?.addEvent("blocked", { sessions: event.blockers.map(({ pid }) => pid).join(",") });
  else if (event.kind === "statementDone" || event.kind === "revisionDone") trace.open.pop()?.end();
}

/** What an error broke off ends with it; of the error only the code is told. */
export function endTrace(exitCode: number, error?: unknown): void {
  if (trace === null) return;
  const code = error === undefined ? "" : error instanceof LimbeckError ? error.code : "unexpected";
  for (let span = trace.open.pop(); span !== undefined; span = trace.open.pop()) {
    if (code !== "") span.setStatus({ code: trace.api.SpanStatusCode.ERROR, message: code });
    if (trace.open.length === 0) span.setAttributes({ "limbeck.exit_code": exitCode });
    span.end();
  }
  trace = null;
}

/** What is open from this depth on. */
function close(depth: number): void {
  for (const span of trace?.open.splice(depth).reverse() ?? []) span.end();
}

function begin(name: string, attributes: Attributes): void {
  if (trace === null) return;
  const { api, open } = trace;
  const parent = open.at(-1);
  const context = parent === undefined ? api.context.active() : api.trace.setSpan(api.context.active(), parent);
  open.push(api.trace.getTracer("limbeck", version).startSpan(name, { attributes }, context));
}

/** Where no SDK was started nobody listens, and nothing is loaded. */
function apiOf(cwd: string): Api | null {
  const started = Object.getOwnPropertySymbols(globalThis).some(({ description = "" }) => description.startsWith("opentelemetry.js.api."));
  if (!started) return null;
  try {
    return createRequire(join(cwd, "package.json"))("@opentelemetry/api") as Api;
  } catch {
    return null;
  }
}
