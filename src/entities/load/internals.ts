import Module from "node:module";

export interface LoadedModule {
  id: string;
  filename: string;
  exports: unknown;
  loaded: boolean;
  children: LoadedModule[];
  _compile(code: string, file: string, format?: string): unknown;
}
interface Internals {
  _cache: Record<string, LoadedModule | undefined>;
  _extensions: Record<string, (module: LoadedModule, file: string) => void>;
  _resolveFilename(request: string, parent: { filename?: string | null } | undefined, ...rest: unknown[]): string;
}
export const node = Module as unknown as Internals;
