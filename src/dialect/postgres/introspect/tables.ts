import type { Column, Index, QualifiedName, Table } from "../../../core/schema.ts";
import type { Constraint } from "./constraints.ts";
import type { ByTable } from "./names.ts";

export interface Relation {
  readonly name: QualifiedName;
  /** r table, p partitioned table, v view, m materialised view */
  readonly kind: string;
  readonly comment: string | undefined;
  readonly definition: string | undefined;
}

interface Parts {
  readonly columns: ByTable<Column>;
  readonly constraints: ByTable<Constraint>;
  readonly indexes: ByTable<Index>;
}

export function tablesOf(relations: readonly Relation[], parts: Parts): readonly Table[] {
  return relations.filter(({ kind }) => kind === "r" || kind === "p").map((relation) => tableOf(relation, parts));
}

function tableOf({ name, comment }: Relation, { columns, constraints, indexes }: Parts): Table {
  const here = constraints.of(name);
  const all = <K extends Constraint["is"]>(is: K) =>
    here.flatMap((one) => (one.is === is ? [one.it as Extract<Constraint, { is: K }>["it"]] : []));
  const [primaryKey] = all("primaryKey");
  return {
    ...name,
    columns: columns.of(name),
    ...(primaryKey === undefined ? {} : { primaryKey }),
    uniques: all("unique"),
    indexes: indexes.of(name),
    foreignKeys: all("foreignKey"),
    checks: all("check"),
    exclusions: all("exclusion"),
    ...(comment === undefined ? {} : { comment }),
  };
}
