// What an autogenerate cannot do without, alone: loading the entities with TypeORM, or the catalogue queries. Prints milliseconds.
// Bundled before it is run.
import { connect } from "../src/connect/index.ts";
import { mysql } from "../src/dialect/mysql/index.ts";
import { postgres } from "../src/dialect/postgres/index.ts";
import { loadConfig } from "../src/entities/config.ts";
import { readModels } from "../src/entities/models.ts";

const [part] = process.argv.slice(2);
console.log(await (part === "entities" ? entities() : catalogue()));

async function entities() {
  const begin = performance.now();
  const configuration = await loadConfig({ cwd: process.cwd(), env: process.env });
  await readModels(configuration);
  return performance.now() - begin;
}

/** Only the time in which the server is waited for and its answer is read off the wire. */
async function catalogue() {
  const configuration = await loadConfig({ cwd: process.cwd(), env: process.env, entities: false });
  const dialect = configuration.dialect === "postgres" ? postgres : mysql;
  const db = await connect(configuration);
  const server = await dialect.identify(db);
  let spent = 0;
  const timed = async (work) => {
    const begin = performance.now();
    const result = await work();
    spent += performance.now() - begin;
    return result;
  };
  const watched = {
    ...db,
    query: (sql, values) => timed(() => db.query(sql, values)),
    batch: (statements) => timed(() => db.batch(statements)),
  };
  await dialect.introspect(watched, server, { schemas: [], ignore: [] });
  await db.close();
  return spent;
}
