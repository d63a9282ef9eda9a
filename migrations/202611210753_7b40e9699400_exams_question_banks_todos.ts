import { revision, sql } from "limbeck";

export default revision({
  id: "7b40e9699400",
  parents: [],
  message: "exams, question banks, todos",
  createdAt: "2026-11-21T07:53:05Z",

  upgrade(op) {
    op.createEnum("examstatus", ["draft", "published", "archived"]);
    op.createTable("users", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "email", type: "character varying(200)" },
        { name: "name", type: "character varying(100)" },
        {
          name: "created_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
      ],
      primaryKey: { name: "PK_a3ffb1c0c8416b9fc6f907b7433", columns: ["id"] },
      uniques: [{ name: "UQ_97672ac88f789774dd47f7c8be3", columns: ["email"] }],
    });
    op.createTable("exams", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "title", type: "character varying(200)" },
        { name: "description", type: "text", nullable: true },
        { name: "status", type: "examstatus", default: sql`'draft'` },
        { name: "duration_minutes", type: "integer", default: sql`60` },
        { name: "question_selection_rules", type: "jsonb", nullable: true },
        {
          name: "created_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
        { name: "author_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_b43159ee3efa440952794b4f53e", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_0b2048060edeeed52a892d50e5c",
          columns: ["author_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.createTable("todos", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "title", type: "character varying(200)" },
        { name: "done", type: "boolean", default: sql`false` },
        { name: "exam_config", type: "jsonb", nullable: true },
        { name: "user_id", type: "integer", nullable: true },
        { name: "exam_id", type: "integer", nullable: true },
        { name: "exam_assignment_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_ca8cafd59ca6faaf67995344225", columns: ["id"] },
      indexes: [
        { name: "ix_todos_exam", columns: ["exam_id"] },
        { name: "ix_todos_exam_assignment", columns: ["exam_assignment_id"] },
      ],
      foreignKeys: [
        {
          name: "FK_53511787e1f412d746c4bf223ff",
          columns: ["user_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_700fa406156b4c03dcf807d3ca6",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.createTable("workflow_node_executions", {
      columns: [
        { name: "id", type: "uuid", default: sql`gen_random_uuid()` },
        { name: "node", type: "character varying(100)" },
        {
          name: "started_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
        {
          name: "finished_at",
          type: "timestamp with time zone",
          nullable: true,
        },
      ],
      primaryKey: { name: "PK_91e42688f98c4d35be34d2a15f5", columns: ["id"] },
    });
    op.createTable("exam_assignments", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "due_at", type: "timestamp with time zone", nullable: true },
        { name: "exam_id", type: "integer", nullable: true },
        { name: "user_id", type: "integer", nullable: true },
        { name: "todo_id", type: "integer", nullable: true },
        { name: "workflow_node_execution_id", type: "uuid", nullable: true },
      ],
      primaryKey: { name: "PK_da518a743d1cbb1286f75dbf7bb", columns: ["id"] },
      uniques: [
        { name: "exam_assignments_once", columns: ["exam_id", "user_id"] },
      ],
      indexes: [
        { name: "ix_exam_assignments_todo", columns: ["todo_id"] },
        {
          name: "ix_exam_assignments_workflow_node_execution",
          columns: ["workflow_node_execution_id"],
        },
      ],
      foreignKeys: [
        {
          name: "FK_721fe9c811c327f0fbd4e271b04",
          columns: ["user_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_d9fa22f6c9107b88fbfc698398f",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_e457a07377bc3071dea275ed0c1",
          columns: ["workflow_node_execution_id"],
          references: { table: "workflow_node_executions", columns: ["id"] },
          onDelete: "SET NULL",
        },
        {
          name: "FK_e79b07f4c04ebf51cb230d82a1d",
          columns: ["todo_id"],
          references: { table: "todos", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.createTable("question_banks", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "name", type: "character varying(120)" },
        { name: "created_by_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_3127eb30f219cd0d40478ec5964", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_47f85f9af88333bd86a5e447cbc",
          columns: ["created_by_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.createTable("question_bank_items", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "text", type: "text" },
        { name: "tags", type: "text[]", default: sql`'{}'` },
        { name: "bank_id", type: "integer", nullable: true },
        { name: "created_by_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_fd9c3ede62ffe3d0077275ba2a0", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_547b805442aeae381fdfd305f11",
          columns: ["bank_id"],
          references: { table: "question_banks", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_5685a6070388fd02bef2e4f1553",
          columns: ["created_by_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.createTable("exam_questions", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "position", type: "integer" },
        { name: "text", type: "text" },
        { name: "points", type: "numeric(5,2)", default: sql`1` },
        { name: "source_type", type: "character varying(20)", nullable: true },
        { name: "exam_id", type: "integer", nullable: true },
        { name: "source_bank_id", type: "integer", nullable: true },
        { name: "source_question_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_a214d47c7964cb6356f413dc73c", columns: ["id"] },
      indexes: [
        { name: "ix_exam_questions_source_bank", columns: ["source_bank_id"] },
        {
          name: "ix_exam_questions_source_question",
          columns: ["source_question_id"],
        },
      ],
      foreignKeys: [
        {
          name: "FK_5c91605f7f7021beda138043f9c",
          columns: ["source_question_id"],
          references: { table: "question_bank_items", columns: ["id"] },
          onDelete: "SET NULL",
        },
        {
          name: "FK_7fa69d03d8ac4eb3f0e3ecf626e",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_be1e70719808cc08cf3106ac356",
          columns: ["source_bank_id"],
          references: { table: "question_banks", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
      checks: [
        { name: "exam_questions_points_positive", expression: sql`points > 0` },
      ],
    });
    op.addForeignKey("todos", {
      name: "FK_ba4facd9fdc9dbcf41055ab4abb",
      columns: ["exam_assignment_id"],
      references: { table: "exam_assignments", columns: ["id"] },
      onDelete: "SET NULL",
    });
  },

  downgrade(op) {
    op.dropForeignKey("todos", {
      name: "FK_ba4facd9fdc9dbcf41055ab4abb",
      columns: ["exam_assignment_id"],
      references: { table: "exam_assignments", columns: ["id"] },
      onDelete: "SET NULL",
    });
    op.dropTable("exam_questions", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "position", type: "integer" },
        { name: "text", type: "text" },
        { name: "points", type: "numeric(5,2)", default: sql`1` },
        { name: "source_type", type: "character varying(20)", nullable: true },
        { name: "exam_id", type: "integer", nullable: true },
        { name: "source_bank_id", type: "integer", nullable: true },
        { name: "source_question_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_a214d47c7964cb6356f413dc73c", columns: ["id"] },
      indexes: [
        { name: "ix_exam_questions_source_bank", columns: ["source_bank_id"] },
        {
          name: "ix_exam_questions_source_question",
          columns: ["source_question_id"],
        },
      ],
      foreignKeys: [
        {
          name: "FK_5c91605f7f7021beda138043f9c",
          columns: ["source_question_id"],
          references: { table: "question_bank_items", columns: ["id"] },
          onDelete: "SET NULL",
        },
        {
          name: "FK_7fa69d03d8ac4eb3f0e3ecf626e",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_be1e70719808cc08cf3106ac356",
          columns: ["source_bank_id"],
          references: { table: "question_banks", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
      checks: [
        { name: "exam_questions_points_positive", expression: sql`points > 0` },
      ],
    });
    op.dropTable("question_bank_items", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "text", type: "text" },
        { name: "tags", type: "text[]", default: sql`'{}'` },
        { name: "bank_id", type: "integer", nullable: true },
        { name: "created_by_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_fd9c3ede62ffe3d0077275ba2a0", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_547b805442aeae381fdfd305f11",
          columns: ["bank_id"],
          references: { table: "question_banks", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_5685a6070388fd02bef2e4f1553",
          columns: ["created_by_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.dropTable("question_banks", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "name", type: "character varying(120)" },
        { name: "created_by_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_3127eb30f219cd0d40478ec5964", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_47f85f9af88333bd86a5e447cbc",
          columns: ["created_by_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.dropTable("exam_assignments", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "due_at", type: "timestamp with time zone", nullable: true },
        { name: "exam_id", type: "integer", nullable: true },
        { name: "user_id", type: "integer", nullable: true },
        { name: "todo_id", type: "integer", nullable: true },
        { name: "workflow_node_execution_id", type: "uuid", nullable: true },
      ],
      primaryKey: { name: "PK_da518a743d1cbb1286f75dbf7bb", columns: ["id"] },
      uniques: [
        { name: "exam_assignments_once", columns: ["exam_id", "user_id"] },
      ],
      indexes: [
        { name: "ix_exam_assignments_todo", columns: ["todo_id"] },
        {
          name: "ix_exam_assignments_workflow_node_execution",
          columns: ["workflow_node_execution_id"],
        },
      ],
      foreignKeys: [
        {
          name: "FK_721fe9c811c327f0fbd4e271b04",
          columns: ["user_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_d9fa22f6c9107b88fbfc698398f",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_e457a07377bc3071dea275ed0c1",
          columns: ["workflow_node_execution_id"],
          references: { table: "workflow_node_executions", columns: ["id"] },
          onDelete: "SET NULL",
        },
        {
          name: "FK_e79b07f4c04ebf51cb230d82a1d",
          columns: ["todo_id"],
          references: { table: "todos", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.dropTable("workflow_node_executions", {
      columns: [
        { name: "id", type: "uuid", default: sql`gen_random_uuid()` },
        { name: "node", type: "character varying(100)" },
        {
          name: "started_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
        {
          name: "finished_at",
          type: "timestamp with time zone",
          nullable: true,
        },
      ],
      primaryKey: { name: "PK_91e42688f98c4d35be34d2a15f5", columns: ["id"] },
    });
    op.dropTable("todos", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "title", type: "character varying(200)" },
        { name: "done", type: "boolean", default: sql`false` },
        { name: "exam_config", type: "jsonb", nullable: true },
        { name: "user_id", type: "integer", nullable: true },
        { name: "exam_id", type: "integer", nullable: true },
        { name: "exam_assignment_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_ca8cafd59ca6faaf67995344225", columns: ["id"] },
      indexes: [
        { name: "ix_todos_exam", columns: ["exam_id"] },
        { name: "ix_todos_exam_assignment", columns: ["exam_assignment_id"] },
      ],
      foreignKeys: [
        {
          name: "FK_53511787e1f412d746c4bf223ff",
          columns: ["user_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_700fa406156b4c03dcf807d3ca6",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.dropTable("exams", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "title", type: "character varying(200)" },
        { name: "description", type: "text", nullable: true },
        { name: "status", type: "examstatus", default: sql`'draft'` },
        { name: "duration_minutes", type: "integer", default: sql`60` },
        { name: "question_selection_rules", type: "jsonb", nullable: true },
        {
          name: "created_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
        { name: "author_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_b43159ee3efa440952794b4f53e", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_0b2048060edeeed52a892d50e5c",
          columns: ["author_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "SET NULL",
        },
      ],
    });
    op.dropTable("users", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "email", type: "character varying(200)" },
        { name: "name", type: "character varying(100)" },
        {
          name: "created_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
      ],
      primaryKey: { name: "PK_a3ffb1c0c8416b9fc6f907b7433", columns: ["id"] },
      uniques: [{ name: "UQ_97672ac88f789774dd47f7c8be3", columns: ["email"] }],
    });
    op.dropEnum("examstatus", ["draft", "published", "archived"]);
  },
});
