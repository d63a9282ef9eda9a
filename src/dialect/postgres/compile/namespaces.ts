import type { CompilersOf } from "../../compiler.ts";
import { quoteName } from "../quote.ts";
import { type Piece, plain, type Scene } from "./piece.ts";

/** Neither drop cascades: what still stands in it is a reason to stop. */
export const namespaceCompilers: CompilersOf<"createSchema" | "dropSchema" | "createExtension" | "dropExtension", Scene, Piece> = {
  createSchema: (op) => [plain(`CREATE SCHEMA IF NOT EXISTS ${quoteName(op.name)}`)],
  dropSchema: (op) => [plain(`DROP SCHEMA ${quoteName(op.name)}`)],
  createExtension: (op) => [plain(`CREATE EXTENSION IF NOT EXISTS ${quoteName(op.name)}`)],
  dropExtension: (op) => [plain(`DROP EXTENSION IF EXISTS ${quoteName(op.name)}`)],
};
