import type { Db } from "../core/db.ts";
import type { CodeStep } from "../core/revision.ts";
import type { Project } from "./project.ts";

/** Runs a step that is written in code, over the session that does the work. */
export function codeRunner(_project: Project, db: Db, x: Readonly<Record<string, string>> = {}): (code: CodeStep) => Promise<void> {
  return (code) => code({ query: db.query, x });
}
