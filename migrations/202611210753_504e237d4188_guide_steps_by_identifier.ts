import { revision, sql } from "limbeck";

export default revision({
  id: "504e237d4188",
  parents: ["9f1c2a7d4e03"],
  message: "guide steps by identifier",
  createdAt: "2026-11-21T07:53:09Z",

  upgrade(op) {
    op.renameColumn(
      "guide_sessions",
      "current_step_index",
      "current_step_identifier",
    );
    op.alterColumn("guide_sessions", "current_step_identifier", {
      type: { from: "integer", to: "character varying(10)" },
      nullable: { from: null, to: true },
      default: { from: sql`0`, to: null },
    });
  },

  downgrade(op) {
    op.alterColumn("guide_sessions", "current_step_identifier", {
      type: { from: "character varying(10)", to: "integer" },
      nullable: { from: true, to: null },
      default: { from: null, to: sql`0` },
    });
    op.renameColumn(
      "guide_sessions",
      "current_step_identifier",
      "current_step_index",
    );
  },
});
