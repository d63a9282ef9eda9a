import { type CallExpression, type MethodDeclaration, Node, SyntaxKind } from "ts-morph";
import type { Operation } from "../../core/operation.ts";
import { declarationOf } from "./declaration.ts";
import { parsed } from "./source.ts";

/** The line of each operation's call in `upgrade`; where loops or helpers hide which call it is, the line of `upgrade` itself. */
export async function linesOf(text: string, operations: readonly Operation[]): Promise<readonly number[]> {
  const method = declarationOf(await parsed(text)).getProperty("upgrade");
  if (method === undefined || !Node.isMethodDeclaration(method)) return operations.map(() => method?.getStartLineNumber() ?? 1);
  const calls = callsIn(method);
  return operations.map((operation, place) => {
    const alike = calls.filter((call) => kindOf(call) === operation.kind);
    const before = operations.slice(0, place).filter(({ kind }) => kind === operation.kind).length;
    const exact = alike.length === operations.filter(({ kind }) => kind === operation.kind).length;
    return (exact ? alike[before] : undefined)?.getStartLineNumber() ?? method.getStartLineNumber();
  });
}

/** The calls on `op`, without those inside of an `op.on` or in the code of an `op.run`: they are part of that one. */
function callsIn(method: MethodDeclaration): readonly CallExpression[] {
  const op = method.getParameters()[0]?.getName() ?? "op";
  const calls = method.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => {
    const callee = call.getExpression();
    return Node.isPropertyAccessExpression(callee) && callee.getExpression().getText() === op;
  });
  const outer = new Set(calls.filter((call) => ["on", "run"].includes(kindOf(call))));
  return calls.filter((call) => !call.getAncestors().some((one) => Node.isCallExpression(one) && outer.has(one)));
}

function kindOf(call: CallExpression): string {
  const callee = call.getExpression();
  return Node.isPropertyAccessExpression(callee) ? callee.getName() : "";
}
