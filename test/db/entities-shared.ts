import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Server } from "../../src/core/db.ts";
import { loadConfig } from "../../src/entities/config.ts";
import { importModule } from "../../src/entities/load/index.ts";
import { type Models, readModels } from "../../src/entities/models.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

export interface Project {
  readonly dir: string;
  remove(): void;
}

/** A copy of the project with many kinds of entities, with one of the copies of TypeORM installed. */
export function richProject(typeorm: "typeorm" | "typeorm-legacy"): Project {
  const dir = mkdtempSync(join(tmpdir(), "limbeck-rich-"));
  cpSync(join(checkout, "test/fixtures/projects/rich"), dir, { recursive: true });
  mkdirSync(join(dir, "node_modules"));
  for (const [name, target] of Object.entries({ typeorm, "reflect-metadata": "reflect-metadata", pg: "pg", mysql2: "mysql2" })) {
    symlinkSync(join(checkout, "node_modules", target), join(dir, "node_modules", name));
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export async function richModels({ dir }: Project, engine: "postgres" | "mysql", url: string, server?: Server): Promise<Models> {
  process.env.RICH_URL = url;
  return readModels(await loadConfig({ cwd: dir, file: `${engine}.ts`, env: {} }), server);
}

interface Synchronizer {
  initialize(): Promise<unknown>;
  synchronize(): Promise<void>;
  destroy(): Promise<void>;
}

/** What TypeORM itself makes of the same entities. */
export async function synchronize({ dir }: Project, engine: "postgres" | "mysql", url: string): Promise<void> {
  process.env.RICH_URL = url;
  const files = engine === "postgres" ? ["types", "relations"] : ["types"];
  const modules = await Promise.all(files.map((file) => importModule(join(dir, engine, `${file}.ts`))));
  const { DataSource } = createRequire(join(dir, "x.ts"))("typeorm") as { DataSource: new (options: object) => Synchronizer };
  const { default: configured } = (await importModule(join(dir, `${engine}.ts`))) as { default: { options: object } };
  const entities = modules.flatMap((module) => Object.values(module)).filter((one) => typeof one === "function");
  const source = new DataSource({ ...configured.options, entities });
  await source.initialize();
  try {
    await source.synchronize();
  } finally {
    await source.destroy();
  }
}
