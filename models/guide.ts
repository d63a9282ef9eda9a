import { Check, Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn } from "typeorm";
import { Exam } from "./exam.ts";
import { User } from "./user.ts";

export enum StepStatus {
  Active = "active",
  Completed = "completed",
  Blocked = "blocked",
  Alternative = "alternative",
}

@Entity("step_guides")
export class StepGuide {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ length: 200 })
  title!: string;

  @ManyToOne(() => Exam, { onDelete: "CASCADE" })
  @JoinColumn({ name: "exam_id" })
  exam!: Exam;

  @OneToMany(
    () => GuideSection,
    (section) => section.guide,
  )
  sections!: GuideSection[];
}

@Entity("guide_sections")
@Check("guide_sections_position_positive", "position > 0")
export class GuideSection {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(
    () => StepGuide,
    (guide) => guide.sections,
    { onDelete: "CASCADE" },
  )
  @JoinColumn({ name: "guide_id" })
  guide!: StepGuide;

  @Column()
  position!: number;

  @Column({ length: 200 })
  title!: string;

  @OneToMany(
    () => GuideStep,
    (step) => step.section,
  )
  steps!: GuideStep[];
}

@Entity("guide_steps")
@Index("ix_guide_steps_identifier", ["section", "identifier"], { unique: true })
export class GuideStep {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(
    () => GuideSection,
    (section) => section.steps,
    { onDelete: "CASCADE" },
  )
  @JoinColumn({ name: "section_id" })
  section!: GuideSection;

  /** "1", "2", "2a": an alternative step stands beside its number */
  @Column({ length: 10 })
  identifier!: string;

  @Column({ type: "enum", enum: StepStatus, enumName: "stepstatus", default: StepStatus.Active })
  status!: StepStatus;

  @Column({ type: "jsonb", default: {} })
  content!: object;
}

@Entity("guide_sessions")
export class GuideSession {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(() => StepGuide, { onDelete: "CASCADE" })
  @JoinColumn({ name: "guide_id" })
  guide!: StepGuide;

  @ManyToOne(() => User, { onDelete: "CASCADE" })
  @JoinColumn({ name: "user_id" })
  user!: User;

  @Column({ name: "current_step_identifier", type: "varchar", length: 10, nullable: true })
  currentStepIdentifier!: string | null;

  @CreateDateColumn({ name: "started_at", type: "timestamptz" })
  startedAt!: Date;
}
