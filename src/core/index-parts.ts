import type { Index, IndexColumn, IndexPart } from "./schema.ts";

/** A plain column as the record that it stands for. */
export const partOf = (part: IndexColumn): IndexPart => (typeof part === "string" ? { column: part } : part);

type Parts = Pick<Index, "columns" | "include">;

/** The columns that are its key; an expression's are not known without reading it. */
export const keyColumns = ({ columns }: Parts): readonly string[] => columns.flatMap((part) => partOf(part).column ?? []);

/** And those that it only carries along. */
export const indexColumns = (index: Parts): readonly string[] => [...keyColumns(index), ...(index.include ?? [])];

export const indexExpressions = ({ columns }: Parts): readonly string[] => columns.flatMap((part) => partOf(part).expression ?? []);
