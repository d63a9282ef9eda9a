import type { Grant, Grants } from "../../core/db.ts";
import { scan, type Token } from "./scan.ts";

/** What SHOW GRANTS says, without the passwords that it says too. A right on single columns is taken for one on the table. */
export function parseGrants(user: string, lines: readonly string[]): Grants {
  return { user, grants: lines.flatMap(parseGrant) };
}

function parseGrant(line: string): readonly Grant[] {
  const tokens = scan(line);
  const on = tokens.findIndex(({ text }) => text === "on");
  const to = tokens.findIndex(({ text }, at) => at > on && (text === "to" || text === "from"));
  const [first] = tokens;
  if (on < 0 || to < 0 || first === undefined || !/^(?:grant|revoke)$/.test(first.text)) return [];
  const place = tokens.slice(on + 1, to).filter(({ text }) => text !== "table");
  const [database, dot, table] = place;
  if (database === undefined || table === undefined || dot?.text !== ".") return [];
  return [
    {
      privileges: privilegesIn(tokens.slice(1, on)),
      database: database.value,
      table: table.value,
      ...(first.text === "revoke" && { revoked: true as const }),
    },
  ];
}

function privilegesIn(tokens: readonly Token[]): readonly string[] {
  const words: string[][] = [[]];
  let depth = 0;
  for (const { text } of tokens) {
    if (text === "(") depth++;
    else if (text === ")") depth--;
    else if (depth === 0 && text === ",") words.push([]);
    else if (depth === 0) words.at(-1)?.push(text.toUpperCase());
  }
  return words.map((parts) => parts.join(" "));
}

/** `*` is any; a database's name is a pattern, unless the grant is on one of its tables. */
export function isGranted({ grants }: Grants, privilege: string, database: string, table: string): boolean {
  const matching = grants.filter(
    (one) => covers(one, database, table) && one.privileges.some((had) => had === privilege || had === "ALL PRIVILEGES"),
  );
  const revoked = matching.some(({ revoked }) => revoked);
  // what is taken from a database of all that are granted
  return matching.some((one) => !one.revoked && !(revoked && one.database === "*"));
}

function covers(grant: Grant, database: string, table: string): boolean {
  if (grant.table !== "*") return same(grant.database, database) && same(grant.table, table);
  return grant.database === "*" || like(grant.database, database);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function like(pattern: string, text: string): boolean {
  const source = pattern.replace(/\\([%_\\])|%|_|[.*+?^${}()|[\]\\]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped === "\\" ? "\\\\" : escaped;
    return found === "%" ? ".*" : found === "_" ? "." : `\\${found}`;
  });
  return new RegExp(`^${source}$`, "is").test(text);
}
