/** TypeORM's store of what the decorators said: one list a kind, each entry with the class that it belongs to. */
interface Store {
  readonly [list: string]: unknown;
}
interface Entry {
  readonly target: unknown;
}

/** They ask for what belongs to one class, or to a class and those that it extends, and go through everything that there is to find it. */
const questions = [
  "filterTables",
  "filterColumns",
  "findGenerated",
  "findTree",
  "filterRelations",
  "filterRelationIds",
  "filterIndices",
  "filterForeignKeys",
  "filterUniques",
  "filterChecks",
  "filterExclusions",
  "filterListeners",
  "filterEmbeddeds",
  "findJoinTable",
  "filterJoinColumns",
  "findInheritanceType",
  "findDiscriminatorValue",
];

/**
 * While `work` runs, TypeORM's store answers these questions from the asked class's own entries: the same answers, in time that grows with
 * the number of entities instead of its square. Nothing may be added to the store meanwhile.
 */
export async function quickly<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const own = store as Record<string, unknown>;
  const view = viewOf(store);
  const replaced = questions.filter((name) => typeof store[name] === "function" && !Object.hasOwn(store, name));
  for (const name of replaced) {
    const original = store[name] as (...given: readonly unknown[]) => unknown;
    own[name] = (target: unknown, ...rest: readonly unknown[]) => original.call(view(target), target, ...rest);
  }
  try {
    return await work();
  } finally {
    for (const name of replaced) delete own[name];
  }
}

type View = (target: unknown) => Store;

const asked = Symbol("the classes that are asked for");

/** The store as if only the given classes were in it; a list is only made when it is looked at. */
function viewOf(store: Store): View {
  const lists: PropertyDescriptorMap = {};
  for (const [name, list] of Object.entries(store)) {
    if (!Array.isArray(list)) continue;
    const groups = grouped(list);
    lists[name] = {
      get(this: { readonly [asked]: readonly unknown[] }) {
        return entriesOf(this[asked], groups);
      },
    };
  }
  const narrow = Object.create(store, lists) as Store;
  return (target) => Object.create(narrow, { [asked]: { value: Array.isArray(target) ? target : [target] } }) as Store;
}

interface Placed {
  readonly entry: Entry;
  readonly place: number;
}
type Groups = ReadonlyMap<unknown, readonly Placed[]>;

function grouped(list: readonly Entry[]): Groups {
  const groups = new Map<unknown, Placed[]>();
  for (const [place, entry] of list.entries()) {
    const group = groups.get(entry.target);
    if (group === undefined) groups.set(entry.target, [{ entry, place }]);
    else group.push({ entry, place });
  }
  return groups;
}

/** In the order in which they were declared. */
function entriesOf(targets: readonly unknown[], groups: Groups): readonly Entry[] {
  const found = [...new Set(targets)].flatMap((target) => {
    const group = groups.get(target);
    return group === undefined ? [] : [group];
  });
  const placed = found.length === 1 ? found.flat() : found.flat().sort((a, b) => a.place - b.place);
  return placed.map(({ entry }) => entry);
}
