import type { EntityManager, QueryRunner } from "typeorm";
import type { Server } from "../core/db.ts";
import { buildMetadata } from "./build-metadata.ts";
import { type Configuration, loadConfig } from "./config.ts";
import { loadEntities } from "./entity-files.ts";
import { guarded } from "./guard.ts";

/**
 * TypeORM over a session that somebody else has opened: what it saves is part of the transaction that is open there. A transaction that it
 * begins itself is a savepoint then.
 */
export async function managerOn(given: Configuration, server: Server, connection: object, inTransaction: boolean): Promise<EntityManager> {
  const configuration = given.request.entities === false ? await loadConfig({ ...given.request, entities: true }) : given;
  const entities = await guarded(configuration.file, () => loadEntities(configuration));
  const dataSource = await buildMetadata(configuration, entities, server);
  // PostgreSQL's driver hands a way to give the connection back, too
  const obtain = async () => (configuration.dialect === "postgres" ? [connection, async () => {}] : connection);
  Object.assign(dataSource.driver, { obtainMasterConnection: obtain, obtainSlaveConnection: obtain, database: server.database });
  Object.assign(dataSource, { isInitialized: true });
  const runner = (dataSource as unknown as { createQueryRunner(mode: "master"): QueryRunner }).createQueryRunner("master");
  if (inTransaction) Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  return runner.manager;
}
