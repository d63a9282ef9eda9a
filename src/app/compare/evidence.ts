import type { Point } from "../../core/revision.ts";
import type { Sample } from "../../core/sample.ts";
import { sampleFor, withValues } from "../../diff/values.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../project/session.ts";
import type { Comparison } from "./compare.ts";

/**
 * The points with what the rows say of them. It is asked in one round trip, of a bounded number of rows and for a bounded time; a server that
 * does not answer takes nothing from the points.
 */
export async function withEvidence(
  { dialect }: Project,
  { db, server }: Session,
  place: Pick<Comparison, "had" | "wanted">,
  review: readonly Point[],
): Promise<readonly Point[]> {
  const asked = review.flatMap((point): { point: Point; sample: Sample }[] => {
    const sample = sampleFor(point, place);
    return sample === null ? [] : [{ point, sample }];
  });
  if (asked.length === 0) return review;
  const statements = dialect.samples(
    asked.map(({ sample }) => sample),
    server,
  );
  const answers = await db.batch(statements).catch(() => []);
  const rows = answers.slice(-asked.length).map(([row]) => (row ?? []).map(Number));
  return review.map((point) => {
    const at = asked.findIndex((one) => one.point === point);
    const [sample, row] = [asked[at]?.sample, rows[at]];
    if (sample === undefined || row === undefined) return point;
    const [count = 0, filled = 0, distinct = 0, unfit = 0] = row;
    return withValues(point, sample, { rows: count, filled, distinct, unfit }, place);
  });
}
