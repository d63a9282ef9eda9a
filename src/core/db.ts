/** One session with a server. */
export interface Db {
  readonly flavor: "postgres" | "mysql" | "mariadb";
  query(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** several statements in one round trip; each gives its rows as arrays of values */
  batch(statements: readonly string[]): Promise<readonly Rows[]>;
  /** the server's warnings of the last statement (MySQL); nothing elsewhere */
  warnings(): Promise<readonly string[]>;
  /** the session's id on the server: the backend's pid, the connection id */
  readonly session: string;
  /** the same session as TypeORM would hold it, with values of the driver's own types */
  native?(): object;
  close(): Promise<void>;
}
/** Every value is text as the server writes it, or null: nothing is lost in a driver's idea of a type. */
export type Row = Readonly<Record<string, string | null>>;
export type Rows = readonly (readonly (string | null)[])[];

/** Who a session is, and what it was granted itself, through its roles, and with everybody. */
export interface Grants {
  /** `name@host` */
  readonly user: string;
  readonly grants: readonly Grant[];
}
/** On a database's table; `*` is each. */
export interface Grant {
  readonly privileges: readonly string[];
  readonly database: string;
  readonly table: string;
  /** what a grant on everything leaves out (MySQL) */
  readonly revoked?: true;
}

/** What a server is. Offline it is assumed. */
export interface Server {
  readonly flavor: "postgres" | "mysql" | "mariadb";
  /** [15, 18] · [10, 11, 19] */
  readonly version: readonly number[];
  /** PostgreSQL: the schema that unqualified names stand in; MySQL: the database */
  readonly defaultSchema: string;
  readonly database: string;
  /** MySQL: what columns and tables take when they say nothing */
  readonly charset?: string;
  readonly collation?: string;
  readonly engine?: string;
  /** MySQL: tables and views are kept under their names in small letters */
  readonly foldsNames?: true;
  /** MySQL: no table may be without a primary key */
  readonly demandsKey?: true;
  /** MySQL: what the session may do; missing where that is not known */
  readonly granted?: Grants;
  /** an in-process PostgreSQL: one session only */
  readonly embedded?: true;
}

export function atLeast(server: Server, ...version: readonly number[]): boolean {
  for (let i = 0; i < version.length; i++) {
    const have = server.version[i] ?? 0;
    const want = version[i] ?? 0;
    if (have !== want) return have > want;
  }
  return true;
}
