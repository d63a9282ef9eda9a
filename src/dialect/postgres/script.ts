import type { Guard, ScriptSql } from "../dialect.ts";
import { doBlock, quoteLiteral } from "./quote.ts";

export const script: ScriptSql = {
  opening: ["-- for psql", "\\set ON_ERROR_STOP on", "\\set AUTOCOMMIT on"],
  withReturns: [],
  begin: "BEGIN",
  stopWhen: (title, hint, guards) => [
    doBlock(`DECLARE
  asked record;
  found text[] := '{}';
BEGIN
${guards.map(question).join("\n")}
  IF cardinality(found) > 0 THEN
    RAISE EXCEPTION USING MESSAGE = ${quoteLiteral(`${title}:\n`)} || array_to_string(found, chr(10)), HINT = ${quoteLiteral(hint)};
  END IF;
END`),
  ],
  loop: (sql) => [
    doBlock(`DECLARE
  changed bigint;
BEGIN
  LOOP
    ${sql};
    GET DIAGNOSTICS changed = ROW_COUNT;
    COMMIT;
    EXIT WHEN changed = 0;
  END LOOP;
END`),
  ],
};

/** As in a live run, what the server cannot answer stops nothing: the statement itself will say what is wrong. */
function question({ sql, message, counts }: Guard): string {
  const rows = "asked.count || CASE WHEN asked.count = 1 THEN ' row' ELSE ' rows' END";
  const samples = (before: string) => `coalesce(${quoteLiteral(before)} || nullif(to_jsonb(asked) ->> 'samples', ''), '')`;
  const said = counts ? `' (' || ${rows} || ${samples(", as ")} || ')'` : samples(": ");
  return `  BEGIN
    EXECUTE ${quoteLiteral(sql)} INTO asked;
    IF asked.count > 0 THEN
      found := array_append(found, ${quoteLiteral(`  ${message}`)} || ${said});
    END IF;
  EXCEPTION WHEN OTHERS THEN NULL;
  END;`;
}
