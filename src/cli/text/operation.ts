import type { Operation } from "../../core/operation.ts";
import { describe } from "../../core/operations/index.ts";
import { type Output, printable } from "../output.ts";

const colours = { add: "green", create: "green", drop: "red", alter: "yellow", rename: "cyan", move: "cyan" } as const;

/** One operation for people, its sign in front: + new, - gone, ~ changed. */
export function operationLine(operation: Operation, out: Output): string {
  const verb = Object.keys(colours).find((word) => operation.kind.startsWith(word)) as keyof typeof colours | undefined;
  const sign = verb === undefined ? "·" : { green: "+", red: "-", yellow: "~", cyan: "~" }[colours[verb]];
  const text = `${sign} ${printable(describe(operation))}`;
  return verb === undefined ? text : out.paint(colours[verb], text);
}
