import type { IndexPart, QualifiedName } from "../../../core/schema.ts";

/** What differs from engine to engine in the questions that both ask of the data. */
export interface Words {
  quoteName(name: string): string;
  quoteTable(name: QualifiedName): string;
  /** the beginning of a value as text */
  text(value: string): string;
  /** the aggregate of the first five of `sample` by `place` */
  readonly samples: string;
  /** the part of an index that a column is */
  key(column: string, part: IndexPart | undefined): string;
  /** the columns to show of a row that a check does not allow; without it the whole row is shown */
  columnsIn?(expression: string): readonly string[];
  /** Do the values of the one type, those that fit, say the same in the other? */
  keepsValues(from: string, to: string): boolean;
}
