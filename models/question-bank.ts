import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn } from "typeorm";
import { QuestionBankItem } from "./question-bank-item.ts";
import { User } from "./user.ts";

@Entity("question_banks")
export class QuestionBank {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ length: 120 })
  name!: string;

  @ManyToOne(() => User, { onDelete: "SET NULL", nullable: true })
  @JoinColumn({ name: "created_by_id" })
  createdBy!: User | null;

  @OneToMany(
    () => QuestionBankItem,
    (item) => item.bank,
  )
  items!: QuestionBankItem[];
}
