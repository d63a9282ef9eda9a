import type { CompilersOf } from "../../compiler.ts";
import { quoteName } from "../quote.ts";
import { dataLoss } from "./hazards.ts";
import { databaseIsThere, not } from "./observe.ts";
import { definition, type Piece, type Scene } from "./piece.ts";

/** A database takes along whatever still stands in it. */
export const namespaceCompilers: CompilersOf<"createSchema" | "dropSchema", Scene, Piece> = {
  createSchema: (op) => [definition(`CREATE DATABASE IF NOT EXISTS ${quoteName(op.name)}`, databaseIsThere(op.name))],
  dropSchema: (op) => [
    definition(`DROP DATABASE ${quoteName(op.name)}`, not(databaseIsThere(op.name)), [
      dataLoss(`every table that is left in ${op.name} is lost`),
    ]),
  ],
};
