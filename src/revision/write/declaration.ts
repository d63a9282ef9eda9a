import { type CallExpression, Node, type ObjectLiteralExpression, type SourceFile, SyntaxKind } from "ts-morph";
import { integrity } from "../../core/errors.ts";

/** The object that `revision(…)` is given. */
export function declarationOf(source: SourceFile): ObjectLiteralExpression {
  const call = source
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .find((one: CallExpression) => one.getExpression().getText() === "revision");
  const [object] = call?.getArguments() ?? [];
  if (object !== undefined && Node.isObjectLiteralExpression(object)) return object;
  throw integrity("no-revision", "There is no revision({ … }) in the file.", "a revision file ends in: export default revision({ … })");
}
