import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("workflow_node_executions")
export class WorkflowNodeExecution {
  @PrimaryGeneratedColumn("uuid")
  id!: string;

  @Column({ length: 100 })
  node!: string;

  @Column({ name: "started_at", type: "timestamptz", default: () => "now()" })
  startedAt!: Date;

  @Column({ name: "finished_at", type: "timestamptz", nullable: true })
  finishedAt!: Date | null;
}
