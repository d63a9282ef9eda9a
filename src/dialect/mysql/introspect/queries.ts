import type { Server } from "../../../core/db.ts";
import { literal } from "../scan.ts";

/**
 * What is asked of one database. The condition is on one name, never on a list: only then does MariaDB open that database's
 * tables and no others, and MySQL 8 reads both sides of its one join by that name (a check's name is the only one in its database).
 * Names of result columns don't matter, their order does.
 */
export function queriesFor(database: string, server: Server): readonly string[] {
  const at = `= ${literal(database)}`;
  const mysql = server.flavor === "mysql";
  return [
    `SELECT table_name, table_type, engine, table_collation, table_comment, create_options FROM information_schema.tables WHERE table_schema ${at}`,
    `SELECT table_name, ordinal_position, column_name, column_type, is_nullable, column_default, extra, generation_expression, character_set_name, collation_name, column_comment${mysql ? ", srs_id" : ""} FROM information_schema.columns WHERE table_schema ${at}`,
    `SELECT table_name, index_name, seq_in_index, non_unique, column_name, collation, sub_part, index_type, index_comment, ${
      mysql ? "IF(is_visible = 'YES', 'NO', 'YES'), expression" : "ignored, NULL"
    } FROM information_schema.statistics WHERE table_schema ${at}`,
    `SELECT table_name, constraint_name, ordinal_position, column_name, referenced_table_schema, referenced_table_name, referenced_column_name FROM information_schema.key_column_usage WHERE table_schema ${at} AND referenced_table_name IS NOT NULL`,
    `SELECT table_name, constraint_name, delete_rule, update_rule FROM information_schema.referential_constraints WHERE constraint_schema ${at}`,
    mysql
      ? `SELECT t.table_name, c.constraint_name, IF(t.enforced = 'YES', 'Table', 'Idle'), c.check_clause FROM information_schema.check_constraints c JOIN information_schema.table_constraints t ON t.constraint_schema ${at} AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK' WHERE c.constraint_schema ${at}`
      : `SELECT table_name, constraint_name, level, check_clause FROM information_schema.check_constraints WHERE constraint_schema ${at}`,
    `SELECT table_name, view_definition FROM information_schema.views WHERE table_schema ${at}`,
    `SELECT event_object_table, trigger_name FROM information_schema.triggers WHERE trigger_schema ${at}`,
  ];
}
export const queriesPerDatabase = 8;
