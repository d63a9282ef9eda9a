import { describe, expect, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

const event = (
  head: string,
  ...more: string[]
) => `import { Column, Entity, Index, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn, Unique } from "typeorm";

@Entity("rooms") export class Room { @PrimaryGeneratedColumn() id!: number; }

@Entity("events") ${head} export class Event {
  @PrimaryColumn("int") id!: number;
  @PrimaryColumn("date") day!: string;
  @Column("text") title!: string;
${more.map((line) => `  ${line}`).join("\n")}
}
`;
const partitions = `DROP TABLE events;
CREATE TABLE events (id int, day date, title text NOT NULL, CONSTRAINT events_key PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events VALUES (1, '2026-05-05', 'a')`;

describe.runIf(engines.includes("postgres"))("an entity on a table that was partitioned by hand", () => {
  const project = useProject("postgres", { "ormconfig.ts": ormconfig("postgres"), "models/event.ts": event("") });

  it("gets its indexes, unique and foreign key in the form that such a table takes, there and back", async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "events", "--rev-id", "001");
    await project.json(0, "upgrade", "head");
    for (const sql of partitions.split(";\n")) await project.database.db.query(sql);
    const all = event(
      '@Index("events_title", ["title"]) @Unique("events_once", ["title", "day"])',
      "@ManyToOne(() => Room) room!: Room;",
      '@Column("int", { default: 5 }) seats!: number;',
    );
    project.write({ "models/event.ts": all });
    await project.json(0, "revision", "--autogenerate", "-m", "more", "--rev-id", "002");
    expect(project.revision("002")).toContain("{ online: false }");
    for (const way of [["upgrade", "head"], ["check"], ["downgrade", "-1"], ["upgrade", "head"]]) await project.json(0, ...way);
    expect(await project.database.db.query("SELECT title, seats FROM events_2026")).toEqual([{ title: "a", seats: "5" }]);
  });
});
