/**
 * A file that `require` cannot have in one go, found while another one is loading. It is made ready on its own, then the whole is
 * loaded again: what has been loaded stays, and what is left undone has not begun to run, because imports come first.
 */
export class Prerequisite extends Error {
  /** `await`: awaits at the top of our own compiled file · `native`: Node's module that awaits · `import`: a package for `import` only · `deep`: too long a chain */
  readonly kind: "await" | "native" | "import" | "deep";
  readonly file: string;
  readonly request: string;

  constructor(kind: Prerequisite["kind"], file: string, request: string, cause: unknown) {
    super(`${file} must be loaded first`, { cause });
    this.kind = kind;
    this.file = file;
    this.request = request;
  }

  get key(): string {
    return `${this.kind}:${this.file}:${this.request}`;
  }
}

export const importKey = (file: string, request: string): string => `limbeck:import:${file}:${request}`;
