import type { Db, Server } from "../../core/db.ts";
import type { Schema } from "../../core/schema.ts";
import type { Canonical, NotCompared } from "../dialect.ts";
import { asked, settled } from "./canonical/questions.ts";
import { printed } from "./canonical/scratch.ts";

/**
 * Texts that differ although they may mean the same (`points > 0` against `points > 0::numeric`) are made in a scratch schema, in a transaction
 * that is rolled back, and read as the server prints them. Where that is what the database has, `wanted` takes the database's text; where
 * it is not, `wanted` keeps its own words. Nothing is asked when nothing differs.
 */
export async function canonical(db: Db, server: Server, wanted: Schema, had: Schema): Promise<Canonical> {
  const questions = asked(wanted, had);
  if (questions.length === 0) return { wanted, notCompared: [] };
  const notCompared: NotCompared[] = [];
  const prints = await printed(db, server, wanted, questions, notCompared);
  return { wanted: settled(wanted, had, questions, prints), notCompared };
}
