import type { OnTable } from "../core/operation.ts";
import type { QualifiedName } from "../core/schema.ts";

/** The fields that say which table an operation stands on. */
export const on = ({ schema, name }: QualifiedName): OnTable => (schema === undefined ? { table: name } : { schema, table: name });

/** The table that an operation stands on, as a name. */
export const tableOf = ({ schema, table }: OnTable): QualifiedName => (schema === undefined ? { name: table } : { schema, name: table });

/** The table that a foreign key points to. */
export const targetOf = ({ references }: { readonly references: OnTable }): QualifiedName => tableOf(references);
