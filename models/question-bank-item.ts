import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from "typeorm";
import { QuestionBank } from "./question-bank.ts";
import { User } from "./user.ts";

@Entity("question_bank_items")
export class QuestionBankItem {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(
    () => QuestionBank,
    (bank) => bank.items,
    { onDelete: "CASCADE" },
  )
  @JoinColumn({ name: "bank_id" })
  bank!: QuestionBank;

  @Column({ type: "text" })
  text!: string;

  @Column("text", { array: true, default: [] })
  tags!: string[];

  @ManyToOne(() => User, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "created_by_id" })
  createdBy!: User | null;
}
