import type { AlterPiece, Piece, PlainPiece } from "./piece.ts";

export interface Placed<P> {
  readonly piece: P;
  readonly operation: number;
}
type Sent = Placed<AlterPiece | PlainPiece>;

/** Staged neighbours go phase by phase, all of them at once: three foreign keys lock their table once, not three times. */
export function inStages(pieces: readonly Placed<Piece>[]): readonly Sent[] {
  const result: Sent[] = [];
  let phases: Sent[][] = [];
  const flush = (): void => {
    result.push(...phases.flat());
    phases = [];
  };
  const put = (phase: number, piece: AlterPiece | PlainPiece, operation: number): void => {
    phases[phase] = [...(phases[phase] ?? []), { piece, operation }];
  };
  for (const { piece, operation } of pieces) {
    if (piece.kind === "staged") {
      piece.phases.forEach((sent, phase) => {
        for (const one of sent) put(phase, one, operation);
      });
    } else if (phases.length > 0 && piece.kind === "plain" && piece.waits !== undefined) {
      // a comment has nothing to do with what is checked
      put(0, piece, operation);
    } else {
      flush();
      result.push({ piece, operation });
    }
  }
  flush();
  return result;
}
