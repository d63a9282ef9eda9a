import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from "typeorm";
import { Exam } from "./exam.ts";
import { Todo } from "./todo.ts";
import { User } from "./user.ts";
import { WorkflowNodeExecution } from "./workflow-node-execution.ts";

@Entity("exam_assignments")
@Unique("exam_assignments_once", ["exam", "user"])
export class ExamAssignment {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(() => Exam, { onDelete: "CASCADE" })
  @JoinColumn({ name: "exam_id" })
  exam!: Exam;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id" })
  user!: User;

  @Column({ name: "due_at", type: "timestamptz", nullable: true })
  dueAt!: Date | null;

  @Index("ix_exam_assignments_todo")
  @ManyToOne(() => Todo, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "todo_id" })
  todo!: Todo | null;

  @Index("ix_exam_assignments_workflow_node_execution")
  @ManyToOne(() => WorkflowNodeExecution, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "workflow_node_execution_id" })
  workflowNodeExecution!: WorkflowNodeExecution | null;
}
