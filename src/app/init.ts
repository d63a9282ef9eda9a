import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { usage } from "../core/errors.ts";

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
  const write = (file: string, text: string) => {
    const path = join(root, file);
    if (existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    created.push(relative(process.cwd(), path) || path);
  };

  write("package.json", packageJson(root));
  write("tsconfig.json", tsconfig);
  const existing = dataSources.find((file) => existsSync(join(root, file)));
  if (existing === undefined) {
    write("ormconfig.ts", ormconfig(kind));
    write("models/user.ts", entity);
  }
  write("migrations/.gitkeep", "");
  if (kind === "embedded" && existing === undefined) ignore(root, created);
  return { created, next: next(root, kind, existing) };
}

function kindOf(database: string | undefined): Kind {
  if (database === undefined) return "embedded";
  const found = kinds.find((kind) => kind === database);
  if (found === undefined)
    throw usage("bad-option", `--database is one of ${kinds.join(", ")}, not "${database}".`, "limbeck init --database postgres");
  return found;
}

/** Where a data source usually stands; a project that has one keeps it. */
const dataSources = ["ormconfig", "data-source", "src/data-source", "src/database/data-source", "src/db/data-source"].flatMap((name) =>
  ["ts", "mts", "cts", "js", "mjs", "cjs"].map((extension) => `${name}.${extension}`),
);

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

const ormconfig = (kind: Kind): string =>
  [
    'import "reflect-metadata";',
    'import { defineConfig } from "limbeck";',
    'import { DataSource } from "typeorm";',
    "",
    "export default new DataSource({",
    `  type: "${kind === "embedded" ? "postgres" : kind}",`,
    `  url: process.env.DATABASE_URL || "${urls[kind]}",`,
    '  entities: ["models/*.ts"],',
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

function next(root: string, kind: Kind, existing: string | undefined): readonly string[] {
  const driver = { embedded: "@electric-sql/pglite", postgres: "pg", mysql: "mysql2", mariadb: "mysql2" }[kind];
  const missing = ["typeorm", "reflect-metadata", driver].filter((name) => !existsSync(join(root, "node_modules", name)));
  return [
    ...(existing === undefined ? [] : [`kept the data source in ${existing}`]),
    ...(root === process.cwd() ? [] : [`next: cd ${relative(process.cwd(), root)}`]),
    ...(existing === undefined && missing.length > 0 ? [`next: npm install ${missing.join(" ")}`] : []),
    'then: limbeck revision --autogenerate -m "first tables"',
    "      limbeck upgrade head",
  ];
}
