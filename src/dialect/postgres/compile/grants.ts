import { keyOf, type QualifiedName } from "../../../core/schema.ts";
import { doBlock, quoteLiteral, quoteTable } from "../quote.ts";
import { type Piece, plain, type Scene } from "./piece.ts";

/** A view that is dropped and made again gets back who may read it. The session remembers, also where the two stand in different transactions. */
export function rememberGrants(scene: Scene, view: QualifiedName): Piece {
  const setting = `limbeck.grants_${scene.grants.size + 1}`;
  scene.grants.set(keyOf(view), setting);
  const grants = `(SELECT relacl::text FROM pg_class WHERE oid = to_regclass(${quoteLiteral(quoteTable(view))}))`;
  return plain(`SELECT set_config('${setting}', COALESCE(${grants}, ''), false)`);
}

export function restoreGrants(scene: Scene, view: QualifiedName): readonly Piece[] {
  const setting = scene.grants.get(keyOf(view));
  if (setting === undefined) return [];
  const body = `DECLARE
  given record;
BEGIN
  FOR given IN SELECT * FROM aclexplode(NULLIF(current_setting('${setting}', true), '')::aclitem[]) LOOP
    EXECUTE format('GRANT %s ON %s TO %s%s', given.privilege_type, ${quoteLiteral(quoteTable(view))},
      CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END,
      CASE WHEN given.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END`;
  return [plain(doBlock(body))];
}
