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
    const entries = entriesOf(list);
    lists[name] = {
      get(this: { readonly [asked]: unknown }) {
        return entries(this[asked]);
      },
    };
  }
  const narrow = Object.create(store, lists) as Store;
  let [last, view]: [unknown, Store] = [undefined, narrow];
  // TypeORM asks for one class many times in a row
  return (target) => {
    if (target !== last) [last, view] = [target, Object.assign(Object.create(narrow), { [asked]: target }) as Store];
    return view;
  };
}

const none: readonly Entry[] = [];

/** What belongs to a class, or to several, in the order in which it was declared. */
function entriesOf(list: readonly Entry[]): (target: unknown) => readonly Entry[] {
  const own = grouped(list);
  let places: ReadonlyMap<Entry, number> | undefined;
  const together = (targets: readonly unknown[]): readonly Entry[] => {
    const groups = new Set(targets.flatMap((target) => [own.get(target) ?? []]).filter(({ length }) => length > 0));
    if (groups.size < 2) return [...groups][0] ?? none;
    places ??= new Map(list.map((entry, at) => [entry, at]));
    const placeOf = (entry: Entry) => places?.get(entry) ?? 0;
    return [...groups].flat().sort((a, b) => placeOf(a) - placeOf(b));
  };
  return (target) => (Array.isArray(target) ? together(target) : (own.get(target) ?? none));
}

function grouped(list: readonly Entry[]): ReadonlyMap<unknown, readonly Entry[]> {
  const groups = new Map<unknown, Entry[]>();
  for (const entry of list) {
    const group = groups.get(entry.target);
    if (group === undefined) groups.set(entry.target, [entry]);
    else group.push(entry);
  }
  return groups;
}
