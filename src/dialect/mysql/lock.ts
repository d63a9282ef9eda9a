import type { LockSql } from "../dialect.ts";
import { quoteLiteral } from "./quote.ts";

/**
 * A named lock of the session. The server keeps these for all its databases together, and in at most 64 characters: the name is made
 * of both the database's and the journal's.
 */
function key(name: string): string {
  return `CONCAT('limbeck:', LEFT(SHA2(CONCAT(COALESCE(DATABASE(), ''), '/', ${quoteLiteral(name)}), 256), 40))`;
}

/** What is prepared when another has the lock: the server's complaint about it says why. */
const complaint = "SELECT * FROM `another run is migrating this database`";

export const lock: LockSql = {
  tryAcquire: (name) => `SELECT COALESCE(GET_LOCK(${key(name)}, 0), 0) AS \`acquired\``,
  release: (name) => `SELECT COALESCE(RELEASE_LOCK(${key(name)}), 0) AS \`released\``,
  acquireOrFail: (name) => [
    `SET @limbeck_lock = IF(GET_LOCK(${key(name)}, 0) = 1, 'DO 0', ${quoteLiteral(complaint)})`,
    "PREPARE limbeck_lock FROM @limbeck_lock",
    "EXECUTE limbeck_lock",
    "DEALLOCATE PREPARE limbeck_lock",
  ],
  // MySQL's own information_schema fails while anybody's statement has a character of four bytes
  holder: (name) => `SELECT p.ID AS \`pid\`, p.USER AS \`user\`, p.COMMAND AS \`state\`,
  DATE_FORMAT(NOW() - INTERVAL p.TIME SECOND, '%Y-%m-%d %H:%i:%s') AS \`since\`, p.INFO AS \`query\`
FROM /*!80022 performance_schema.processlist */ /*M! information_schema.PROCESSLIST */ AS p WHERE p.ID = IS_USED_LOCK(${key(name)})`,
};
