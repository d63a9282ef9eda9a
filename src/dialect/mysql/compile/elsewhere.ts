import { usage } from "../../../core/errors.ts";
import type { CompilersOf } from "../../compiler.ts";
import type { Piece, Scene } from "./piece.ts";

/** What only PostgreSQL has. */
export function onlyPostgres(what: string): Error {
  return usage(
    "only-postgres",
    `${what}: MySQL and MariaDB have no such thing.`,
    'when the revision runs on several engines, put it into op.on("postgres", (op) => …)',
  );
}

function refuse(what: string): never {
  throw onlyPostgres(what);
}

export const elsewhereCompilers: CompilersOf<
  | "createExtension"
  | "dropExtension"
  | "createEnum"
  | "dropEnum"
  | "renameEnum"
  | "renameEnumValue"
  | "alterEnum"
  | "addExclusion"
  | "dropExclusion",
  Scene,
  Piece
> = {
  createExtension: (op) => refuse(`extension ${op.name}`),
  dropExtension: (op) => refuse(`extension ${op.name}`),
  createEnum: (op) => refuse(`enum type ${op.definition.name}`),
  dropEnum: (op) => refuse(`enum type ${op.definition.name}`),
  renameEnum: (op) => refuse(`enum type ${op.from}`),
  renameEnumValue: (op) => refuse(`enum type ${op.name}`),
  alterEnum: (op) => refuse(`enum type ${op.name}`),
  addExclusion: (op) => refuse(`exclusion constraint ${op.exclusion.name}`),
  dropExclusion: (op) => refuse(`exclusion constraint ${op.exclusion.name}`),
};
