import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn } from "typeorm";
import { ExamQuestion } from "./exam-question.ts";
import { User } from "./user.ts";

export enum ExamStatus {
  Draft = "draft",
  Published = "published",
  Archived = "archived",
}

@Entity("exams")
export class Exam {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ length: 200 })
  title!: string;

  @Column({ type: "text", nullable: true })
  description!: string | null;

  @Column({ type: "enum", enum: ExamStatus, enumName: "examstatus", default: ExamStatus.Draft })
  status!: ExamStatus;

  @Column({ name: "duration_minutes", default: 60 })
  durationMinutes!: number;

  /** which questions of which banks an exam draws, and how many */
  @Column({ name: "question_selection_rules", type: "jsonb", nullable: true })
  questionSelectionRules!: object | null;

  @ManyToOne(() => User, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "author_id" })
  author!: User | null;

  @OneToMany(
    () => ExamQuestion,
    (question) => question.exam,
  )
  questions!: ExamQuestion[];

  @CreateDateColumn({ name: "created_at", type: "timestamptz" })
  createdAt!: Date;
}
