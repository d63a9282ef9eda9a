import type { Db, Server } from "../../src/core/db.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { Schema } from "../../src/core/schema.ts";
import type { Statement } from "../../src/core/statement.ts";
import { compile } from "../../src/dialect/mysql/compile/index.ts";
import { identify } from "../../src/dialect/mysql/identify.ts";
import { introspect } from "../../src/dialect/mysql/introspect/index.ts";
import { normalize } from "../../src/dialect/mysql/normalize.ts";
import { session } from "../../src/dialect/mysql/session.ts";

export interface Applied {
  readonly statements: readonly Statement[];
  /** what the probes said right before and right after their statements */
  readonly probes: readonly { readonly sql: string; readonly before: string; readonly after: string }[];
}

/** Runs statements as the runner does: a probe is asked before and after, a warning after an ALTER is an error. */
export async function send(db: Db, statements: readonly Statement[]): Promise<Applied["probes"]> {
  const probes: { sql: string; before: string; after: string }[] = [];
  const ask = async (sql: string): Promise<string> => Object.values((await db.query(sql))[0] ?? {})[0] ?? "";
  let open = false;
  try {
    for (const { sql, probe, transactional } of statements) {
      const before = probe === undefined ? "" : await ask(probe.sql);
      if (transactional && !open) await db.query("START TRANSACTION");
      if (!transactional && open) await db.query("COMMIT");
      open = transactional;
      await db.query(sql);
      if (/^ALTER/.test(sql)) {
        const warnings = (await db.warnings()).filter((warning) => !harmless.test(warning));
        if (warnings.length > 0) throw new Error(`${warnings.join("; ")}: ${sql}`);
      }
      if (probe !== undefined) probes.push({ sql, before, after: await ask(probe.sql) });
    }
    if (open) await db.query("COMMIT");
  } catch (error) {
    await db.query("ROLLBACK");
    throw error;
  }
  return probes;
}

export async function strict(db: Db): Promise<void> {
  for (const sql of session({ lockTimeoutMs: 5000, statementTimeoutMs: 0 })) await db.query(sql);
}

/** As in the runner: it says something of an index or a type, and nothing of a value. */
const harmless = / (?:1831|124|3674|1681|3719|3778):/;

/** What the history would know. */
export async function schemaOf(db: Db): Promise<{ readonly schema: Schema; readonly server: Server }> {
  const server = await identify(db);
  const { schema } = await introspect(db, server, { schemas: [], ignore: [] });
  return { schema: normalize(schema, server), server };
}

export async function apply(
  db: Db,
  operations: readonly Operation[],
  { metadataTable, blind = false }: { readonly metadataTable?: string; readonly blind?: boolean } = {},
): Promise<Applied> {
  await strict(db);
  const { schema, server } = await schemaOf(db);
  const context = {
    server,
    ...(blind ? {} : { before: schema }),
    ...(metadataTable === undefined ? {} : { metadataTable: { name: metadataTable } }),
  };
  const statements = compile(operations, context);
  return { statements, probes: await send(db, statements) };
}

/** The whole database in the server's own words. The counter of AUTO_INCREMENT is no part of the structure. */
export async function dump(db: Db): Promise<readonly string[]> {
  const names = await db.query("SHOW FULL TABLES");
  const texts: string[] = [];
  for (const row of names) {
    const [name = "", type] = Object.values(row);
    const view = type === "VIEW";
    const [made] = await db.query(`SHOW CREATE ${view ? "VIEW" : "TABLE"} \`${(name ?? "").replaceAll("`", "``")}\``);
    texts.push((Object.values(made ?? {})[1] ?? "").replace(/ AUTO_INCREMENT=\d+| ON (?:DELETE|UPDATE) NO ACTION/g, ""));
  }
  return texts.sort();
}

/** An empty database with the statements run in it. */
export async function reset(db: Db, name: string, setup: readonly string[]): Promise<void> {
  await db.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await db.query(`CREATE DATABASE \`${name}\``);
  await db.query(`USE \`${name}\``);
  await strict(db);
  for (const sql of setup) await db.query(sql);
}
