import type { AlterColumn } from "../../../core/operation.ts";
import type { Column, Identity } from "../../../core/schema.ts";
import { doBlock, quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { parseType } from "../type.ts";
import { createSequence, identitySql, nextval, sequenceOf } from "./column.ts";
import { type Piece, plain, tableOf } from "./piece.ts";

/** Who counts a column's values: its owned sequence (serial), the standard's identity, nobody. */
export type Counting = "serial" | "identity" | "none";

export function countingOf(column: Column): Counting {
  if (column.autoIncrement) return "serial";
  return column.identity === undefined ? "none" : "identity";
}

interface Place {
  readonly table: string;
  readonly column: string;
  /** the owned sequence, asked of the server: a table or column that was renamed keeps the sequence's old name */
  readonly owned: string;
}

function placeOf(op: AlterColumn): Place {
  const table = quoteTable(tableOf(op));
  return {
    table,
    column: quoteName(op.to.name),
    owned: `pg_get_serial_sequence(${quoteLiteral(table)}, ${quoteLiteral(op.to.name)})`,
  };
}

/** After the column's own changes: what makes, hands over or takes away the sequence. */
export function changeCounting(op: AlterColumn): readonly Piece[] {
  const from = countingOf(op.from);
  const to = countingOf(op.to);
  if (from === "serial" && to === "none") return [plain(dropOwned(placeOf(op)))];
  if (from === "none" && to === "serial") return startSerial(op, placeOf(op));
  if (from === "none" && to === "identity") return startIdentity(op, placeOf(op));
  if (from === "serial" && to === "identity") return [plain(serialToIdentity(placeOf(op), op.to.identity ?? { always: false }))];
  if (from === "identity" && to === "serial") return [plain(identityToSerial(op, placeOf(op)))];
  if (from === "serial" && to === "serial" && op.from.type !== op.to.type) return [plain(sequenceAs(placeOf(op), op.to.type))];
  return [];
}

/** The first number that no row has. */
function nextFree(place: Place, start = "1"): string {
  return `GREATEST((SELECT max(${place.column}) FROM ${place.table})::bigint + 1, ${start})`;
}

function startSerial(op: AlterColumn, place: Place): readonly Piece[] {
  const sequence = sequenceOf(op.to, tableOf(op));
  return [
    plain(`${createSequence(sequence, op.to.type)} OWNED BY ${place.table}.${place.column}`),
    plain(`ALTER TABLE ${place.table} ALTER COLUMN ${place.column} SET DEFAULT ${nextval(sequence)}`),
    plain(`SELECT setval(${quoteLiteral(quoteTable(sequence))}::regclass, ${nextFree(place)}, false)`),
  ];
}

function startIdentity(op: AlterColumn, place: Place): readonly Piece[] {
  const identity = op.to.identity ?? { always: false };
  const made = plain(`ALTER TABLE ${place.table} ALTER COLUMN ${place.column} ADD ${identitySql(identity)}`);
  if (/\bINCREMENT\s+(?:BY\s+)?-/i.test(identity.options ?? "")) return [made];
  const start = /\bSTART\s+(?:WITH\s+)?(-?\d+)/i.exec(identity.options ?? "")?.[1];
  return [made, plain(`SELECT setval(${place.owned}::regclass, ${nextFree(place, start)}, false)`)];
}

function dropOwned(place: Place): string {
  return doBlock(`DECLARE
  owned text := ${place.owned};
BEGIN
  IF owned IS NOT NULL THEN
    EXECUTE 'DROP SEQUENCE ' || owned;
  END IF;
END`);
}

function sequenceAs(place: Place, type: string): string {
  return doBlock(`DECLARE
  owned text := ${place.owned};
BEGIN
  IF owned IS NOT NULL THEN
    EXECUTE 'ALTER SEQUENCE ' || owned || ' AS ${parseType(type).base}';
  END IF;
END`);
}

const serialToIdentity = (place: Place, identity: Identity): string =>
  handOver(
    place,
    `  ALTER TABLE ${place.table} ALTER COLUMN ${place.column} DROP DEFAULT;
  IF owned IS NOT NULL THEN
    EXECUTE 'DROP SEQUENCE ' || owned;
  END IF;
  ALTER TABLE ${place.table} ALTER COLUMN ${place.column} ADD ${identitySql(identity)};`,
  );

function identityToSerial(op: AlterColumn, place: Place): string {
  const sequence = sequenceOf(op.to, tableOf(op));
  return handOver(
    place,
    `  ALTER TABLE ${place.table} ALTER COLUMN ${place.column} DROP IDENTITY;
  ${createSequence(sequence, op.to.type)} OWNED BY ${place.table}.${place.column};
  ALTER TABLE ${place.table} ALTER COLUMN ${place.column} SET DEFAULT ${nextval(sequence)};`,
  );
}

/** The new counter goes on where the old one stands, even where the newest rows have been deleted, and whoever may use it may go on. */
function handOver(place: Place, change: string): string {
  return doBlock(`#variable_conflict use_column
DECLARE
  owned text := ${place.owned};
  reached bigint := 1;
  granted aclitem[];
  said text;
  one record;
BEGIN
  IF owned IS NOT NULL THEN
    EXECUTE 'SELECT last_value + is_called::integer FROM ' || owned INTO reached;
    SELECT s.relacl, obj_description(s.oid, 'pg_class') INTO granted, said FROM pg_class AS s WHERE s.oid = owned::regclass;
  END IF;
${change}
  owned := ${place.owned};
  FOR one IN SELECT a.privilege_type AS privilege, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee,
    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS option FROM aclexplode(granted) AS a LOOP
    EXECUTE format('GRANT %s ON SEQUENCE %s TO %s%s', one.privilege, owned, one.grantee, one.option);
  END LOOP;
  IF said IS NOT NULL THEN
    EXECUTE format('COMMENT ON SEQUENCE %s IS %L', owned, said);
  END IF;
  PERFORM setval(${place.owned}::regclass, GREATEST(reached, ${nextFree(place)}), false);
END`);
}
