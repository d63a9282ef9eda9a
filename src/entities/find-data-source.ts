import { readFileSync } from "node:fs";
import { glob } from "tinyglobby";

/** Files anywhere in a project that make and export a data source, those nearest to its folder first; any file where none has a telling name. */
export async function dataSourceFiles(root: string): Promise<readonly string[]> {
  const named = await filesIn(root, telling, makesDataSource);
  return named.length > 0 ? named : filesIn(root, "*", makesDataSource);
}

/** Files that may export options which something else makes a data source of, as NestJS does: only who loads them knows. */
export function optionsFiles(root: string): Promise<readonly string[]> {
  return filesIn(root, telling, (text) => /\bDataSourceOptions\b/.test(text) && exportsSomething(text));
}

const telling = "*{config,source,orm,database,db,connection,options}*";

async function filesIn(root: string, name: string, fits: (text: string) => boolean): Promise<readonly string[]> {
  const found = await glob([`**/${name}.{ts,mts,cts,js,mjs,cjs}`], {
    cwd: root,
    absolute: true,
    caseSensitiveMatch: false,
    deep: 6,
    ignore: ["**/node_modules/**", "**/dist/**", "**/build/**", "**/{test,tests,__tests__}/**", "**/*.d.ts", "**/*.{test,spec}.*"],
  });
  const depth = (file: string) => file.split(/[\\/]/).length;
  return found.filter((file) => fits(readFileSync(file, "utf8"))).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

/** Not one that starts the application, too: whoever asks it for the data source would start that. */
const makesDataSource = (text: string): boolean =>
  /\bnew\s+DataSource\s*\(/.test(text) && exportsSomething(text) && !/\.listen\s*\(|\bNestFactory\b/.test(text);

const exportsSomething = (text: string): boolean => /\bexport\b|\bmodule\.exports\b|\bexports\./.test(text);
