import type { ShowResult } from "../../app/show.ts";
import { type Output, printable } from "../output.ts";
import { historyText } from "./history.ts";
import { operationLine } from "./operation.ts";

export function revisionText(result: ShowResult, out: Output): string {
  return [
    historyText([result], { ...out, verbose: true, graph: false }),
    ...result.review.map(({ id, table, from, to }) => out.paint("yellow", `open ${id}: ${printable(`${table}.${from} → ${to}`)}`)),
    "",
    "upgrade",
    ...result.upgrade.map((operation) => `  ${operationLine(operation, out)}`),
    "downgrade",
    ...result.downgrade.map((operation) => `  ${operationLine(operation, out)}`),
  ].join("\n");
}
