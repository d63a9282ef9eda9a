import type { Kind, Operation, OperationOf } from "../core/operation.ts";

/** What an engine makes of each kind of operation. A kind without an entry does not compile. */
export type Compilers<Scene, Piece> = {
  readonly [K in Kind]: (operation: OperationOf<K>, scene: Scene) => readonly Piece[];
};

/** The entries of some kinds; the families are put together with a spread. */
export type CompilersOf<K extends Kind, Scene, Piece> = Pick<Compilers<Scene, Piece>, K>;

export function compileOne<Scene, Piece>(compilers: Compilers<Scene, Piece>, operation: Operation, scene: Scene): readonly Piece[] {
  // the key and the argument come from the same operation, which the type of an indexed access cannot express
  const compiler = compilers[operation.kind] as (operation: Operation, scene: Scene) => readonly Piece[];
  return compiler(operation, scene);
}
