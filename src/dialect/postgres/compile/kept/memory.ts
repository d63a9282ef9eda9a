import { doBlock, quoteLiteral } from "../../quote.ts";
import { type Piece, type PlainPiece, plain, type Scene } from "../piece.ts";
import type { Kept } from "./kept.ts";

/** From now on it waits under the key. */
export function remember(scene: Scene, key: string, kept: Kept, more: Pick<PlainPiece, "ahead"> = {}): Piece {
  const setting = scene.kept.get(key)?.setting ?? `limbeck.kept_${scene.kept.size + 1}`;
  scene.kept.set(key, { setting, kept });
  return plain(
    `SELECT set_config('${setting}', COALESCE((SELECT json_agg(kept ORDER BY kept.place, kept.sql)::text FROM (
${kept.queries.join("\nUNION ALL ")}
) AS kept (place, sql, col, role)), '[]'), false)`,
    more,
  );
}

/** Fails rather than leave something out: the transaction then takes the new thing back, too. */
export function giveBack(scene: Scene, key: string, more: Pick<PlainPiece, "waits"> = {}): readonly Piece[] {
  const waiting = scene.kept.get(key);
  if (waiting === undefined) return [];
  const { what, relation, unasked } = waiting.kept;
  const body = `DECLARE
  kept json := NULLIF(current_setting('${waiting.setting}', true), '')::json;
  one record;
  saying text;
  myself text := current_setting('role');
BEGIN
  IF kept IS NULL THEN
    RAISE EXCEPTION 'the session that knew what ${inText(what)} had, and who may use it, is gone';
  END IF;
${unasked === undefined ? "" : takeAway(unasked)}  FOR one IN SELECT sql, role FROM json_to_recordset(kept) AS kept (sql text, col text, role text)${whereColumn(relation)} LOOP
    saying := one.sql;
    PERFORM set_config('role', COALESCE(one.role, myself), true);
    EXECUTE one.sql;
    PERFORM set_config('role', myself, true);
  END LOOP;
EXCEPTION WHEN OTHERS THEN
  RAISE EXCEPTION 'what ${inText(what)} had cannot be given back: %', concat_ws(': ', SQLERRM, saying) USING ERRCODE = SQLSTATE;
END`;
  return [plain(doBlock(body), more)];
}

/** What is made anew within these pieces has afterwards what it had before. */
export function keeping(scene: Scene, kept: Kept, pieces: readonly Piece[]): readonly Piece[] {
  return [remember(scene, kept.what, kept), ...pieces, ...giveBack(scene, kept.what)];
}

/** Default privileges may have given the new thing more than the old one had. */
function takeAway({ acl, on }: NonNullable<Kept["unasked"]>): string {
  return `  FOR saying IN SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END FROM aclexplode((${acl})) LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %s', ${quoteLiteral(on)}, saying);
  END LOOP;
`;
}

function whereColumn(relation: string | undefined): string {
  if (relation === undefined) return "";
  return ` WHERE col IS NULL OR EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass(${quoteLiteral(relation)}) AND attname = col AND NOT attisdropped)`;
}

/** In a RAISE format. */
const inText = (what: string): string => what.replaceAll("'", "''").replaceAll("%", "%%");

/** Grants as statements; whoever gave them gives them again. `col` is an SQL expression. */
export function grants(given: {
  readonly from: string;
  readonly acl: string;
  readonly owner: string;
  readonly on: string;
  readonly column?: string;
  readonly place: number;
}): string {
  const { from, acl, owner, on, column, place } = given;
  const part = column === undefined ? "''" : `format(' (%I)', ${column})`;
  return `SELECT ${place} + a.at::integer, format('GRANT %s%s ON %s TO %s%s', a.privilege_type, ${part}, ${quoteLiteral(on)},
  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END),
  ${column ?? "NULL"}::text, CASE WHEN a.grantor <> ${owner} THEN pg_get_userbyid(a.grantor)::text END
FROM ${from}, aclexplode(${acl}) WITH ORDINALITY AS a (grantor, grantee, privilege_type, is_grantable, at)`;
}
