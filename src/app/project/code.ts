import type { Db, Server } from "../../core/db.ts";
import { managerOn } from "../../entities/manager.ts";
import type { LiveOptions } from "../../run/options.ts";
import type { Project } from "./project.ts";

/** Runs a step that is written in code, over the session that does the work. */
export function codeRunner(
  { configuration }: Project,
  { db, server }: { readonly db: Db; readonly server: Server },
  x: Readonly<Record<string, string>> = {},
): LiveOptions["runCode"] {
  return async (code, inTransaction) => {
    const { native } = db;
    let asked = false;
    const manager = async () => {
      // the driver writes a Date in the application's time zone, not in the runner's
      if (!asked && db.flavor !== "postgres") await db.query("SET SESSION time_zone = DEFAULT");
      asked = true;
      if (native === undefined) throw new Error("the session was not opened by a driver");
      return managerOn(configuration, server, native(), inTransaction);
    };
    try {
      await code({ query: db.query, manager, x });
    } finally {
      if (asked && db.flavor !== "postgres") await db.query("SET SESSION time_zone = '+00:00'").catch(() => {});
    }
  };
}
