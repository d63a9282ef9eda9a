let stubbed = false;
export const isStubbed = (): boolean => stubbed;
export const setStubbed = (value: boolean): void => {
  stubbed = value;
};
export const stubKey = "limbeck:typeorm";

/** Stands for the data source: it keeps its options and does nothing. */
class RecordedDataSource {
  readonly "@instanceof": symbol = Symbol.for("DataSource");
  readonly options: unknown;
  readonly isInitialized: boolean = false;

  constructor(options: unknown) {
    this.options = options;
    // biome-ignore lint/correctness/noConstructorReturn: any other member of a data source is harmless too
    return new Proxy(this, { get: (target, name) => (name in target ? Reflect.get(target, name) : harmlessMember(name)) });
  }
  initialize(): Promise<this> {
    return Promise.resolve(this);
  }
}

/**
 * In the place of `typeorm` while only a data source's options are wanted: TypeORM takes longer to load than everything else a small
 * command does. Decorators decorate nothing, classes can be extended, functions give something that can be called.
 */
export const stub: object = new Proxy(
  { DataSource: RecordedDataSource, __esModule: true },
  { get: (target, name) => (name in target ? Reflect.get(target, name) : harmlessMember(name)), has: () => true },
);

function harmlessMember(name: string | symbol): unknown {
  if (typeof name === "symbol" || name === "then") return undefined;
  return name === "default" ? stub : harmless();
}

function harmless(): unknown {
  return new Proxy(class {}, {
    apply: () => decorator(),
    get: (target, name, receiver) => (name in target ? Reflect.get(target, name, receiver) : harmlessMember(name)),
  });
}

/** A decorator must give nothing, or it would take the place of the class. */
function decorator(): unknown {
  return new Proxy(() => undefined, { get: (target, name) => (name in target ? Reflect.get(target, name) : harmlessMember(name)) });
}
