import { readFileSync } from "node:fs";
import { glob } from "tinyglobby";

/** Files anywhere in a project that make and export a data source, those nearest to its folder first. */
export async function dataSourceFiles(root: string): Promise<readonly string[]> {
  const found = await glob(["**/*{config,source,orm,database,db,connection}*.{ts,mts,cts,js,mjs,cjs}"], {
    cwd: root,
    absolute: true,
    caseSensitiveMatch: false,
    deep: 6,
    ignore: ["**/node_modules/**", "**/dist/**", "**/build/**", "**/*.d.ts", "**/*.{test,spec}.*"],
  });
  const depth = (file: string) => file.split(/[\\/]/).length;
  return found.filter((file) => makesDataSource(readFileSync(file, "utf8"))).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

const makesDataSource = (text: string): boolean =>
  /\bnew\s+DataSource\s*\(/.test(text) && /\bexport\b|\bmodule\.exports\b|\bexports\./.test(text);
