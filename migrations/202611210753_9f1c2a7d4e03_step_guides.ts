import { revision, sql } from "limbeck";

export default revision({
  id: "9f1c2a7d4e03",
  parents: ["7b40e9699400"],
  message: "step guides",
  createdAt: "2026-11-21T07:53:08Z",

  upgrade(op) {
    op.createEnum("stepstatus", [
      "active",
      "completed",
      "blocked",
      "alternative",
    ]);
    op.createTable("step_guides", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "title", type: "character varying(200)" },
        { name: "exam_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_8a703f99c174037ae5461913fc2", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_3262f195cd7b1d9b2c4baab4c28",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
    });
    op.createTable("guide_sections", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "position", type: "integer" },
        { name: "title", type: "character varying(200)" },
        { name: "guide_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_fdead89e99baddf92a1f0d12995", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_40a9a06f841485e9266ff7f013d",
          columns: ["guide_id"],
          references: { table: "step_guides", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
      checks: [
        {
          name: "guide_sections_position_positive",
          expression: sql`position > 0`,
        },
      ],
    });
    op.createTable("guide_sessions", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "current_step_index", type: "integer", default: sql`0` },
        {
          name: "started_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
        { name: "guide_id", type: "integer", nullable: true },
        { name: "user_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_c47f94921735817d7d869d3a805", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_1ce354ffa8806b1007e1e66f213",
          columns: ["guide_id"],
          references: { table: "step_guides", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_c74412562a5d5183f767418c859",
          columns: ["user_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
    });
    op.createTable("guide_steps", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "identifier", type: "character varying(10)" },
        { name: "status", type: "stepstatus", default: sql`'active'` },
        { name: "content", type: "jsonb", default: sql`'{}'` },
        { name: "section_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_d0ac0379a34dcbadc4692a87b77", columns: ["id"] },
      indexes: [
        {
          name: "ix_guide_steps_identifier",
          columns: ["section_id", "identifier"],
          unique: true,
        },
      ],
      foreignKeys: [
        {
          name: "FK_dd38eedba896de7dea6a93ae75d",
          columns: ["section_id"],
          references: { table: "guide_sections", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
    });
  },

  downgrade(op) {
    op.dropTable("guide_steps", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "identifier", type: "character varying(10)" },
        { name: "status", type: "stepstatus", default: sql`'active'` },
        { name: "content", type: "jsonb", default: sql`'{}'` },
        { name: "section_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_d0ac0379a34dcbadc4692a87b77", columns: ["id"] },
      indexes: [
        {
          name: "ix_guide_steps_identifier",
          columns: ["section_id", "identifier"],
          unique: true,
        },
      ],
      foreignKeys: [
        {
          name: "FK_dd38eedba896de7dea6a93ae75d",
          columns: ["section_id"],
          references: { table: "guide_sections", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
    });
    op.dropTable("guide_sessions", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "current_step_index", type: "integer", default: sql`0` },
        {
          name: "started_at",
          type: "timestamp with time zone",
          default: sql`now()`,
        },
        { name: "guide_id", type: "integer", nullable: true },
        { name: "user_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_c47f94921735817d7d869d3a805", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_1ce354ffa8806b1007e1e66f213",
          columns: ["guide_id"],
          references: { table: "step_guides", columns: ["id"] },
          onDelete: "CASCADE",
        },
        {
          name: "FK_c74412562a5d5183f767418c859",
          columns: ["user_id"],
          references: { table: "users", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
    });
    op.dropTable("guide_sections", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "position", type: "integer" },
        { name: "title", type: "character varying(200)" },
        { name: "guide_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_fdead89e99baddf92a1f0d12995", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_40a9a06f841485e9266ff7f013d",
          columns: ["guide_id"],
          references: { table: "step_guides", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
      checks: [
        {
          name: "guide_sections_position_positive",
          expression: sql`position > 0`,
        },
      ],
    });
    op.dropTable("step_guides", {
      columns: [
        { name: "id", type: "integer", autoIncrement: true },
        { name: "title", type: "character varying(200)" },
        { name: "exam_id", type: "integer", nullable: true },
      ],
      primaryKey: { name: "PK_8a703f99c174037ae5461913fc2", columns: ["id"] },
      foreignKeys: [
        {
          name: "FK_3262f195cd7b1d9b2c4baab4c28",
          columns: ["exam_id"],
          references: { table: "exams", columns: ["id"] },
          onDelete: "CASCADE",
        },
      ],
    });
    op.dropEnum("stepstatus", [
      "active",
      "completed",
      "blocked",
      "alternative",
    ]);
  },
});
