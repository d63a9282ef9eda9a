import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";
import { Exam } from "./exam.ts";
import { ExamAssignment } from "./exam-assignment.ts";
import { User } from "./user.ts";

@Entity("todos")
export class Todo {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ length: 200 })
  title!: string;

  @Column({ default: false })
  done!: boolean;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id" })
  user!: User;

  @Index("ix_todos_exam")
  @ManyToOne(() => Exam, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "exam_id" })
  exam!: Exam | null;

  @Index("ix_todos_exam_assignment")
  @ManyToOne(() => ExamAssignment, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "exam_assignment_id" })
  examAssignment!: ExamAssignment | null;

  @Column({ name: "exam_config", type: "jsonb", nullable: true })
  examConfig!: object | null;
}
