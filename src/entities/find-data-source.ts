import { readFileSync } from "node:fs";
import { glob } from "tinyglobby";

/** Files anywhere in a project that make and export a data source, those nearest to its folder first; any file where none has a telling name. */
export async function dataSourceFiles(root: string): Promise<readonly string[]> {
  const named = await madeIn(root, "*{config,source,orm,database,db,connection}*");
  return named.length > 0 ? named : madeIn(root, "*");
}

async function madeIn(root: string, name: string): Promise<readonly string[]> {
  const found = await glob([`**/${name}.{ts,mts,cts,js,mjs,cjs}`], {
    cwd: root,
    absolute: true,
    caseSensitiveMatch: false,
    deep: 6,
    ignore: ["**/node_modules/**", "**/dist/**", "**/build/**", "**/{test,tests,__tests__}/**", "**/*.d.ts", "**/*.{test,spec}.*"],
  });
  const depth = (file: string) => file.split(/[\\/]/).length;
  return found.filter((file) => makesDataSource(readFileSync(file, "utf8"))).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

/** Not one that starts the application, too: whoever asks it for the data source would start that. */
const makesDataSource = (text: string): boolean =>
  /\bnew\s+DataSource\s*\(/.test(text) &&
  /\bexport\b|\bmodule\.exports\b|\bexports\./.test(text) &&
  !/\.listen\s*\(|\bNestFactory\b/.test(text);
