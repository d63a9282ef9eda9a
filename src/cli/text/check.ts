import type { CheckResult } from "../../app/check.ts";
import { type Output, printable } from "../output.ts";
import { operationLine } from "./operation.ts";

export function checkText(result: CheckResult, out: Output): string {
  const lines = [
    ...(result.pending.length > 0 ? [`not applied: ${result.pending.join(", ")}`, "  limbeck upgrade head"] : []),
    ...(result.operations.length > 0
      ? [
          "entities and database differ:",
          ...result.differences.flatMap((one) =>
            one.verdict === "unmanaged" || one.verdict === "not recorded"
              ? []
              : [`  ${operationLine(one.operation, out)} ${out.paint("dim", `(${one.verdict})`)}`],
          ),
          ...(result.differences.some(({ verdict }) => verdict === "not generated" || verdict === "changed by hand")
            ? ['  limbeck revision --autogenerate -m "…"']
            : []),
        ]
      : []),
    ...unrecordedLines(result, out),
    ...(result.heads.length > 1 ? [`several heads: ${result.heads.join(", ")}`, "  limbeck merge heads"] : []),
    ...notComparedLines(result, out),
    ...(out.verbose
      ? result.unmanaged.map(({ what, name, table }) =>
          out.paint("dim", `unmanaged: ${printable(`${what} ${table === undefined ? "" : `${table}.`}${name}`)}`),
        )
      : []),
  ];
  if (result.clean) lines.unshift(`${out.paint("green", "clean")}: entities, revisions and database agree`);
  return lines.join("\n");
}

export function notComparedLines({ notCompared }: Pick<CheckResult, "notCompared">, out: Output): readonly string[] {
  return notCompared.map(({ what, because }) => out.paint("dim", `not compared: ${printable(what)} (${printable(because)})`));
}

function unrecordedLines({ differences }: CheckResult, out: Output): readonly string[] {
  const lines = differences.flatMap((one) => (one.verdict === "not recorded" ? [`  ${operationLine(one.operation, out)}`] : []));
  if (lines.length === 0) return [];
  const hint = '  limbeck revision --autogenerate --offline -m "…", then limbeck stamp head: the database has it already';
  return ["changed by hand, and the entities agree: no revision says so", ...lines, hint];
}
