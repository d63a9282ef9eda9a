import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";
import { Exam } from "./exam.ts";
import { QuestionBank } from "./question-bank.ts";
import { QuestionBankItem } from "./question-bank-item.ts";

@Entity("exam_questions")
@Check("exam_questions_points_positive", "points > 0")
export class ExamQuestion {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(
    () => Exam,
    (exam) => exam.questions,
    { onDelete: "CASCADE" },
  )
  @JoinColumn({ name: "exam_id" })
  exam!: Exam;

  @Column()
  position!: number;

  @Column({ type: "text" })
  text!: string;

  @Column({ type: "numeric", precision: 5, scale: 2, default: 1 })
  points!: string;

  @Column({ name: "source_type", type: "varchar", length: 20, nullable: true })
  sourceType!: string | null;

  @Index("ix_exam_questions_source_bank")
  @ManyToOne(() => QuestionBank, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "source_bank_id" })
  sourceBank!: QuestionBank | null;

  @Index("ix_exam_questions_source_question")
  @ManyToOne(() => QuestionBankItem, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "source_question_id" })
  sourceQuestion!: QuestionBankItem | null;
}
