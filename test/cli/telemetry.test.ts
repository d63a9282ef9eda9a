import { beforeAll, describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";
import { revisionFile, start } from "./shell.ts";

/** A user's own SDK, as small as can be: what ends is kept, and written when the process does. */
const tracing = `const { trace, ROOT_CONTEXT } = require("@opentelemetry/api");
const { writeFileSync } = require("node:fs");
const ended = [];
let count = 0;
const tracer = {
  startSpan(name, { attributes }, context) {
    const id = String(++count);
    const span = { id, name, attributes: { ...attributes }, status: null, parent: trace.getSpan(context ?? ROOT_CONTEXT)?.id ?? null };
    return {
      id,
      spanContext: () => ({ traceId: "1".repeat(32), spanId: id.padStart(16, "0"), traceFlags: 1 }),
      setAttributes(more) { Object.assign(span.attributes, more); return this; },
      setStatus(status) { span.status = status; return this; },
      addEvent() { return this; },
      end() { ended.push(span); },
    };
  },
};
trace.setGlobalTracerProvider({ getTracer: () => tracer });
process.on("exit", () => writeFileSync("spans.json", JSON.stringify(ended)));
`;

interface Span {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly status: { readonly message: string } | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

describe.each(engines.slice(0, 1))("spans, on %s", (engine) => {
  const type = engine === "postgres" ? "integer" : "int";
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "tracing.cjs": tracing,
    "migrations/r001.ts": revisionFile("r001", [], `op.createTable("a", { columns: [{ name: "id", type: "${type}" }] });`),
    "migrations/r002.ts": revisionFile("r002", ["r001"], "op.execute(sql`SELECT 'not to be told' FROM nowhere`);"),
  });
  let spans: readonly Span[] = [];
  const named = (name: string) => spans.find((span) => span.name === name);

  beforeAll(async () => {
    const run = start(project, ["upgrade", "head"], { NODE_OPTIONS: "--require ./tracing.cjs" });
    expect((await run.ended).code).toBe(1);
    spans = JSON.parse(project.read("spans.json"));
  });

  it("are there for the command, its revisions and their statements, each within the other", () => {
    const [command, first, statement] = [named("limbeck upgrade"), named("limbeck upgrade r001"), named("CREATE TABLE")];
    expect(command).toMatchObject({ parent: null, attributes: { "limbeck.command": "upgrade", "limbeck.exit_code": 1 } });
    expect(first).toMatchObject({
      parent: command?.id,
      status: null,
      attributes: { "limbeck.revision": "r001", "limbeck.direction": "upgrade" },
    });
    expect(statement).toMatchObject({ parent: first?.id, attributes: { "limbeck.statement": 1 } });
  });

  it("end with what broke them off, and tell no data", () => {
    expect(named("limbeck upgrade r002")).toMatchObject({ status: { message: "statement-failed" } });
    expect(named("limbeck upgrade")).toMatchObject({ status: { message: "statement-failed" } });
    expect(JSON.stringify(spans)).not.toMatch(/not to be told|nowhere/);
  });
});
