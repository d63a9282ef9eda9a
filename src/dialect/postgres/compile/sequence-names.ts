import type { QualifiedName } from "../../../core/schema.ts";
import { derivedName, doBlock, quoteLiteral, quoteName, quoteTable } from "../quote.ts";
import { type Piece, plain } from "./piece.ts";

/**
 * A sequence that was named after its table and column follows their new names: TypeORM takes a default from any other sequence for
 * a difference, and its own mending of it leaves the column without a default. Which columns have one is the server's to say.
 */
export function followTable(from: string, table: QualifiedName): Piece {
  const oldName = `${quoteLiteral(from)} || '_' || a.attname || '_seq'`;
  const newName = `${quoteLiteral(table.name)} || '_' || a.attname || '_seq'`;
  return plain(
    doBlock(`DECLARE
  owned record;
BEGIN
  FOR owned IN
    SELECT s.oid::regclass AS old_name, ${newName} AS new_name
    FROM pg_depend AS d
    JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.refobjid = ${quoteLiteral(quoteTable(table))}::regclass
      AND s.relname = ${oldName} AND octet_length(${newName}) <= 63
  LOOP
    EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', owned.old_name, owned.new_name);
  END LOOP;
END`),
  );
}

export function followColumn(table: QualifiedName, from: string, to: string): Piece {
  const before = quoteTable({ ...table, name: derivedName(table.name, from, "seq") });
  const owned = `pg_get_serial_sequence(${quoteLiteral(quoteTable(table))}, ${quoteLiteral(to)})::regclass`;
  return plain(
    doBlock(`BEGIN
  IF ${owned} = to_regclass(${quoteLiteral(before)}) THEN
    ALTER SEQUENCE ${before} RENAME TO ${quoteName(derivedName(table.name, to, "seq"))};
  END IF;
END`),
  );
}
