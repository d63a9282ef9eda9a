import type { RevisionResult } from "../../app/revision.ts";
import { pointText } from "../../core/point.ts";
import { type Output, printable } from "../output.ts";
import { operationLine } from "./operation.ts";

export function draftText(result: RevisionResult, out: Output): string {
  if (result.id === null) return "no difference: nothing to write";
  const where = result.written ? `${out.paint("green", "wrote")} ${printable(result.file)}` : `${result.text}`;
  return [
    where,
    ...result.upgrade.map((operation) => `  ${operationLine(operation, out)}`),
    ...result.review.map((point) => {
      const { id, kind, confidence, evidence } = point;
      const sure = confidence === undefined ? "" : ` ${Math.round(confidence * 100)} %`;
      const subject = `${pointText(point)}${kind === "using" ? ": how do the values become the new type?" : `?${sure}`}`;
      return `${out.paint("yellow", `review ${id}`)} ${kind} ${printable(subject)}\n    ${printable(evidence.join("; "))}`;
    }),
    ...(result.review.length > 0 && result.written ? [`answer with: limbeck resolve ${result.id}`] : []),
  ].join("\n");
}
