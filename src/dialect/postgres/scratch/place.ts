import type { Db, Server } from "../../../core/db.ts";
import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import { typeNameOf } from "../../../core/type-name.ts";
import { quoteName } from "../quote.ts";
import { nameOf, tokensOf } from "../scan.ts";

/** Where things are made to be looked at: a schema in the place of each real one. */
export interface Place {
  readonly schemas: readonly string[];
  /** the real name in the scratch place; undefined where there is none for its schema */
  at(name: QualifiedName): QualifiedName | undefined;
  /** a text of the server's with the real names again */
  real(text: string): string;
}

const prefix = "limbeck_scratch_";

/** Schemas of our own; where that is not allowed the session's temporary one, which can stand for the default schema only; else null. */
export async function makePlace(db: Db, server: Server, schemas: readonly (string | undefined)[]): Promise<Place | null> {
  const own = new Map(schemas.map((schema, at) => [schema, at === 0 ? `${prefix}${db.session}` : `${prefix}${db.session}_${at}`]));
  try {
    await db.batch(["SAVEPOINT place", ...[...own.values()].map((name) => `CREATE SCHEMA ${quoteName(name)}`), "RELEASE place"]);
    return placeIn(own);
  } catch {
    await db.batch(["ROLLBACK TO place"]);
  }
  try {
    await db.batch(["CREATE TEMPORARY TABLE limbeck_scratch ()"]);
    const [row] = await db.query("SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()");
    return placeIn(new Map([[undefined, row?.name ?? "pg_temp"]]));
  } catch {
    await db.batch(["ROLLBACK TO place"]);
    return null;
  }

  function placeIn(names: ReadonlyMap<string | undefined, string>): Place {
    const realNames = new Map([...names].map(([schema, name]) => [name, schema === undefined ? "" : `${typeNameOf({ name: schema })}.`]));
    return {
      schemas: [...names.values()],
      at({ schema, name }) {
        const found = names.get(schema === server.defaultSchema ? undefined : schema);
        return found === undefined ? undefined : { schema: found, name };
      },
      real: (text) => text.replace(/\b((?:limbeck_scratch|pg_temp)_\w+)\./g, (whole, name: string) => realNames.get(name) ?? whole),
    };
  }
}

/** An expression in which the qualified names of what stands in the scratch place are those of the scratch place. Bare ones find it by the path. */
export function inPlace(sql: string, place: Place, made: ReadonlySet<string>, { defaultSchema }: Server): string {
  const tokens = tokensOf(sql);
  const isName = (at: number): boolean => tokens[at]?.kind === "word" || tokens[at]?.kind === "name";
  return tokens
    .map((token, at) => {
      const [dot, second] = [tokens[at + 1], tokens[at + 2]];
      if (!isName(at) || dot?.text !== "." || second === undefined || !isName(at + 2) || tokens[at - 1]?.text === ".") return token.text;
      const schema = nameOf(token);
      const name = { ...(schema !== defaultSchema && { schema }), name: nameOf(second) };
      const there = made.has(keyOf(name)) ? place.at(name)?.schema : undefined;
      return there === undefined ? token.text : quoteName(there);
    })
    .join("");
}
