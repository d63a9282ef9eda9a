import Module from "node:module";

export interface LoadedModule {
  id: string;
  filename: string;
  exports: unknown;
  loaded: boolean;
  children: LoadedModule[];
  _compile(code: string, file: string, format?: string): unknown;
}
/** as Node makes it */
export interface Requiring extends LoadedModule {
  require(request: string): unknown;
}
interface Internals {
  _cache: Record<string, LoadedModule | undefined>;
  _extensions: Record<string, (module: LoadedModule, file: string) => void>;
  readonly prototype: Requiring;
  _resolveFilename(request: string, parent: { filename?: string | null } | undefined, ...rest: unknown[]): string;
  _resolveLookupPaths(request: string, parent: LoadedModule): string[] | null;
}
export const node = Module as unknown as Internals;
