import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { LimbeckError, usage } from "../core/errors.ts";
import { loadConfig } from "../entities/config.ts";
import { expand } from "../entities/entity-files.ts";
import { findConfig } from "../entities/find-config.ts";
import { dataSourceFiles, optionsFiles } from "../entities/find-data-source.ts";
import { connectionElsewhere, entityPatterns } from "../entities/find-entities.ts";
import { packageDir } from "../entities/load/package.ts";

const kinds = ["postgres", "mysql", "mariadb", "embedded"] as const;
type Kind = (typeof kinds)[number];

export interface InitResult {
  readonly created: readonly string[];
  /** what to do next, a line each */
  readonly next: readonly string[];
}

/** Writes what a project lacks: a data source, a first entity, the folder of revisions, compiler options. Overwrites nothing. */
export async function init(dir: string, database: string | undefined): Promise<InitResult> {
  const kind = kindOf(database);
  const root = resolve(dir);
  const created: string[] = [];
  const found = await existingIn(root, database !== undefined);
  const home = found === null ? root : homeOf(root, found);
  const write = (file: string, text: string) => {
    const path = join(home, file);
    if (existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    created.push(relative(process.cwd(), path) || path);
  };

  const entities = found === null ? await entityPatterns(root) : [];
  if (found === null) {
    write("package.json", packageJson(root));
    write("tsconfig.json", tsconfig);
    write("ormconfig.ts", ormconfig(kind, entities.length > 0 ? entities : ["models/*.ts"]));
    if (entities.length === 0) write("models/user.ts", entity);
  }
  write(`${found?.folder ?? "migrations"}/.gitkeep`, "");
  if (kind === "embedded" && found === null) ignore(root, created);
  if (found !== null) return { created, next: [...kept(found, dir, database), ...nextIn(root, found)] };
  return { created, next: [...(await said(root, entities)), ...next(root, kind)] };
}

/** What was taken from the project, and what was not. */
async function said(root: string, entities: readonly string[]): Promise<readonly string[]> {
  const elsewhere = await connectionElsewhere(root);
  return [
    ...(entities.length > 0 ? [`ormconfig.ts lists the entities that are there: ${entities.join(", ")}`] : []),
    ...(elsewhere === null
      ? []
      : [
          `the connection in ${elsewhere} is the application's own: no command line reads it. Say the same in ormconfig.ts (type, url, naming strategy),`,
          "or move the options to a module that both import",
        ]),
  ];
}

/** The package that the data source stands in, of a monorepo or above: its folder of revisions is there. */
function homeOf(root: string, { file }: Existing): string {
  const dir = packageDir(join(root, file));
  return (isAbove(file) || dir.startsWith(join(root, sep))) && existsSync(join(dir, "package.json")) ? dir : root;
}

const isAbove = (file: string): boolean => file.startsWith("..");

interface Existing {
  /** the module with the data source, from the project's folder */
  readonly file: string;
  /** limbeck finds it without being told */
  readonly usual: boolean;
  /** where the revisions are to stand */
  readonly folder: string;
  /** there are migrations of TypeORM's */
  readonly hasMigrations: boolean;
  /** the names of its data sources, where it exports several */
  readonly several: readonly string[];
}

/** The data source that the project has: in one of the usual places, or else wherever a file makes one. Whoever names a database wants one here. */
async function existingIn(root: string, ownOne: boolean): Promise<Existing | null> {
  const around = usualConfig(root);
  const usual = ownOne && around !== null && isAbove(relative(root, around)) ? null : around;
  const file = usual ?? (await dataSourceFiles(root))[0];
  if (file === undefined) return optionsIn(root);
  const there = { file: relative(root, file), usual: usual !== null, several: [] };
  try {
    return { ...there, ...(await saidIn(root, file)) };
  } catch (error) {
    // it may need settings that are not here: what it says is not known then, where it is, is
    if (!(error instanceof LimbeckError)) throw error;
    const several = error.code === "several-data-sources" ? (error.details.exports as readonly string[]) : [];
    return { ...there, several, folder: "migrations", hasMigrations: false };
  }
}

/** Options without a data source: those that can be read. */
async function optionsIn(root: string): Promise<Existing | null> {
  for (const file of await optionsFiles(root)) {
    try {
      return { file: relative(root, file), usual: false, several: [], ...(await saidIn(root, file)) };
    } catch (error) {
      if (!(error instanceof LimbeckError)) throw error;
    }
  }
  return null;
}

async function saidIn(root: string, file: string): Promise<Pick<Existing, "folder" | "hasMigrations">> {
  const configuration = await loadConfig({ cwd: root, file, env: {}, entities: false });
  const { settings, options } = configuration;
  const folder = typeof settings.migrations === "string" ? settings.migrations : (settings.migrations?.[0] ?? "migrations");
  const listed: readonly unknown[] = Array.isArray(options.migrations) ? options.migrations : Object.values(options.migrations ?? {});
  const patterns = listed.filter((one) => typeof one === "string");
  // a pattern is there from the first day, long before a migration is
  const hasMigrations = patterns.length < listed.length || (await expand(patterns, configuration)).length > 0;
  return { folder, hasMigrations };
}

function usualConfig(root: string): string | null {
  try {
    return findConfig(root);
  } catch {
    return null;
  }
}

function kept({ file }: Existing, dir: string, database: string | undefined): readonly string[] {
  return [
    `kept the data source in ${file}`,
    ...(database === undefined ? [] : [`--database ${database} is for a project that has none`]),
    ...(isAbove(file) ? [`a project of its own here: limbeck init${dir === "." ? "" : ` ${dir}`} --database postgres`] : []),
  ];
}

function nextIn(root: string, { file, usual, hasMigrations, several }: Existing): readonly string[] {
  const config = `${usual ? "" : ` -c ${file}`}${several.length > 0 ? ` --export ${several[0]}` : ""}`;
  return [
    ...(root === process.cwd() || isAbove(file) ? [] : [`next: cd ${relative(process.cwd(), root)}`]),
    ...(several.length > 0 ? [`it exports several, say which one you mean: --export ${several.join(" or ")}`] : []),
    ...(usual ? [] : [`so that -c need not be typed, in package.json: "limbeck": { "config": "${file}" }`]),
    ...(hasMigrations
      ? [`to take over its migrations of TypeORM's: limbeck adopt --from-typeorm${config}`]
      : [
          `when its database has tables already: limbeck adopt${config}`,
          `else: limbeck revision --autogenerate -m "first tables"${config}`,
          `      limbeck upgrade head${config}`,
        ]),
  ];
}

function kindOf(database: string | undefined): Kind {
  if (database === undefined) return "embedded";
  const found = kinds.find((kind) => kind === database);
  if (found === undefined)
    throw usage("bad-option", `--database is one of ${kinds.join(", ")}, not "${database}".`, "limbeck init --database postgres");
  return found;
}

const packageJson = (root: string): string => `${JSON.stringify({ name: basename(root), private: true, type: "module" }, null, 2)}\n`;

const tsconfig = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "nodenext",
    "strict": true,
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
    "skipLibCheck": true
  }
}
`;

const urls: Record<Kind, string> = {
  embedded: "embedded:.limbeck/database",
  postgres: "postgres://postgres@127.0.0.1:5432/app",
  mysql: "mysql://root@127.0.0.1:3306/app",
  mariadb: "mysql://root@127.0.0.1:3306/app",
};

const ormconfig = (kind: Kind, entities: readonly string[]): string =>
  [
    'import "reflect-metadata";',
    'import { defineConfig } from "limbeck";',
    'import { DataSource } from "typeorm";',
    "",
    "export default new DataSource({",
    `  type: "${kind === "embedded" ? "postgres" : kind}",`,
    `  url: process.env.DATABASE_URL || "${urls[kind]}",`,
    `  entities: [${entities.map((pattern) => JSON.stringify(pattern)).join(", ")}],`,
    "});",
    "",
    'export const limbeck = defineConfig({ migrations: "migrations" });',
    "",
  ].join("\n");

const entity = [
  'import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";',
  "",
  '@Entity("users")',
  "export class User {",
  "  @PrimaryGeneratedColumn()",
  "  id!: number;",
  "",
  "  @Column({ unique: true })",
  "  email!: string;",
  "}",
  "",
].join("\n");

function ignore(root: string, created: string[]): void {
  const file = join(root, ".gitignore");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "node_modules/\n";
  if (/^\.limbeck\/?$/m.test(text)) return;
  if (!existsSync(file)) created.push(relative(process.cwd(), file) || file);
  writeFileSync(file, `${text.replace(/\n*$/, "\n")}.limbeck/\n`);
}

function next(root: string, kind: Kind): readonly string[] {
  const driver = { embedded: "@electric-sql/pglite", postgres: "pg", mysql: "mysql2", mariadb: "mysql2" }[kind];
  const missing = ["typeorm", "reflect-metadata", driver].filter((name) => !existsSync(join(root, "node_modules", name)));
  return [
    ...(root === process.cwd() ? [] : [`next: cd ${relative(process.cwd(), root)}`]),
    ...(missing.length > 0 ? [`next: npm install ${missing.join(" ")}`] : []),
    'then: limbeck revision --autogenerate -m "first tables"',
    "      limbeck upgrade head",
  ];
}
