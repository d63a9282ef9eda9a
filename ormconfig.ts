import "reflect-metadata";
import { defineConfig } from "limbeck";
import { DataSource } from "typeorm";

/** Without DATABASE_URL the example lives in an embedded PostgreSQL, in a folder of this checkout. */
export default new DataSource({
  type: "postgres",
  url: process.env.DATABASE_URL ?? "embedded:.limbeck/database",
  entities: ["models/*.ts"],
  uuidExtension: "pgcrypto",
});

export const limbeck = defineConfig({ migrations: "migrations" });
