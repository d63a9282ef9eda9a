import { keyOf, type QualifiedName } from "../core/schema.ts";
import { compare, fingerprint, tidy } from "./equal.ts";
import { mentions } from "./mentions.ts";

/** Something of the database that is left as it is, because no model and no revision knows it. */
export interface Unmanaged {
  readonly what: string;
  readonly schema?: string;
  readonly table?: string;
  readonly name: string;
  readonly because: string;
}

/** The same thing under two names. */
export interface NameOnly {
  readonly what: string;
  readonly schema?: string;
  readonly table?: string;
  readonly from: string;
  readonly to: string;
}

export type Collateral = ReadonlyMap<string, readonly { readonly name: string; readonly columns: ReadonlySet<string> }[]>;

/** Where it is noted while the scope is found. */
export interface ScopeReport {
  unmanaged(what: string, table: QualifiedName, name: string): void;
  nameOnly(what: string, table: QualifiedName, from: string, to: string): void;
  collateral(what: string, table: QualifiedName, item: { readonly name?: string }): void;
  /** a whole object of that sort */
  whole(what: string): (item: QualifiedName) => void;
  found(): Found;
}

const unknown = "neither the models nor the revisions know it";
const inTheWay = "neither the models nor the revisions know it, but it goes with a column that it needs";

export interface Found {
  readonly unmanaged: readonly Unmanaged[];
  readonly names: readonly NameOnly[];
  /** by table: what nobody asked to drop, but cannot stay without a column that goes */
  readonly collateral: Collateral;
}

export function newReport(): ScopeReport {
  const unmanaged: Unmanaged[] = [];
  const names: NameOnly[] = [];
  const collateral = new Map<string, { name: string; columns: ReadonlySet<string> }[]>();
  const onTable = (what: string, { schema, name: table }: QualifiedName, name: string, because: string) =>
    unmanaged.push(tidy<Unmanaged>({ what, schema, table, name, because }));
  return {
    unmanaged: (what, table, name) => onTable(what, table, name, unknown),
    nameOnly: (what, table, from, to) => names.push(tidy<NameOnly>({ what, schema: table.schema, table: table.name, from, to })),
    collateral(what, table, item) {
      const name = item.name ?? "";
      collateral.set(keyOf(table), [...(collateral.get(keyOf(table)) ?? []), { name, columns: namesIn(item) }]);
      onTable(what, table, name, inTheWay);
    },
    whole: (what) => (item) =>
      unmanaged.push(tidy<Unmanaged>({ what, schema: item.schema, table: undefined, name: item.name, because: unknown })),
    found: () => ({ unmanaged: sorted(unmanaged, ({ name }) => name), names: sorted(names, ({ from }) => from), collateral }),
  };
}

function sorted<T extends Unmanaged | NameOnly>(list: readonly T[], nameOf: (item: T) => string): readonly T[] {
  const keyed = (item: T) => fingerprint([item.schema ?? "", item.table ?? "", item.what, nameOf(item)]);
  return [...list].sort((a, b) => compare(keyed(a), keyed(b)));
}

/** Every name in a definition, and every name in its expressions. */
function namesIn(value: unknown): ReadonlySet<string> {
  if (typeof value === "string") return new Set([value.toLowerCase(), ...mentions(value)]);
  if (typeof value !== "object" || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...namesIn(part)]));
}
