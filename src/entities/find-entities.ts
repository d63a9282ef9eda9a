import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { glob } from "tinyglobby";

const sources = "{ts,mts,cts,js,mjs,cjs}";
const ignore = ["**/node_modules/**", "**/dist/**", "**/build/**", "**/*.d.ts", "**/*.{test,spec}.*"];

/** Patterns for the entities that a project has already, as a data source would list them. */
export async function entityPatterns(root: string): Promise<readonly string[]> {
  const named = await found(root, [`**/*.entity.${sources}`], isEntity);
  if (named.length > 0) return unique(named.map((file) => `${top(file)}**/*.entity.${extension(file)}`));
  const placed = await found(root, [`**/{entity,entities,model,models}/**/*.${sources}`], isEntity);
  if (placed.length > 0) return unique(placed.map((file) => `${dirname(file)}/*.${extension(file)}`));
  // among others that nobody wants to have loaded
  return found(root, [`**/*.${sources}`], isEntity);
}

/** Where the application has its connection, in a form that no command line can read: a call of NestJS's module, TypeORM 0.2's ormconfig.json. */
export async function connectionElsewhere(root: string): Promise<string | null> {
  const [nest] = await found(root, ["**/*module.{ts,js}"], (text) => /\bTypeOrmModule\s*\.\s*forRoot(?:Async)?\s*\(/.test(text));
  return nest ?? (existsSync(join(root, "ormconfig.json")) ? "ormconfig.json" : null);
}

async function found(root: string, patterns: readonly string[], fits: (text: string) => boolean): Promise<readonly string[]> {
  const files = await glob(patterns, { cwd: root, absolute: true, deep: 8, ignore });
  return files
    .filter((file) => fits(readFileSync(file, "utf8")))
    .map((file) => relative(root, file).replaceAll("\\", "/"))
    .sort();
}

const isEntity = (text: string): boolean => /@(?:Child|View)?Entity\s*\(|\bnew\s+EntitySchema\b/.test(text);
const unique = (patterns: readonly string[]): readonly string[] => [...new Set(patterns)];
const top = (file: string): string => (file.includes("/") ? `${file.slice(0, file.indexOf("/"))}/` : "");
const extension = (file: string): string => file.slice(file.lastIndexOf(".") + 1);
