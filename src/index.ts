export type { Op } from "./core/op.ts";
export type { Operation } from "./core/operation.ts";
export type { Finding, Point } from "./core/revision.ts";
export type { Schema } from "./core/schema.ts";
export type { Candidate, LimbeckConfig } from "./core/settings.ts";
export { type Sql, sql } from "./core/sql.ts";
export { type Declaration, revision } from "./revision/declare.ts";
export { fromTypeorm } from "./revision/from-typeorm.ts";
export { defineConfig } from "./revision/typeorm-journal.ts";
