import type { Dialect } from "../dialect.ts";
import { canonical } from "./canonical.ts";
import { compile } from "./compile/index.ts";
import { assume, identify } from "./identify.ts";
import { introspect } from "./introspect/index.ts";
import { journal } from "./journal.ts";
import { lock } from "./lock.ts";
import { lockTable } from "./lock-table.ts";
import { normalize } from "./normalize.ts";
import { prechecks } from "./prechecks/index.ts";
import { quoteLiteral, quoteName, quoteTable } from "./quote.ts";
import { rules } from "./rules.ts";
import { script } from "./script.ts";
import { enter, patience, pooled, readOnly, session } from "./session.ts";
import { samples } from "./statistics.ts";
import { transactionWord } from "./transaction.ts";
import { walk } from "./walk.ts";
import { watch } from "./watch.ts";

export const postgres: Dialect = {
  name: "postgres",
  transactionalDdl: true,
  needsBefore: false,
  rules,
  identify,
  assume,
  introspect,
  normalize,
  canonical,
  compile,
  prechecks,
  samples,
  quoteName,
  quoteTable,
  quoteLiteral,
  journal,
  lock,
  lockTable,
  script,
  session,
  enter,
  patience,
  transactionWord,
  walk,
  watch,
  readOnly,
  pooled,
};
