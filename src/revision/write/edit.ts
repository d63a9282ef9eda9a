import { type MethodDeclaration, Node, type SourceFile } from "ts-morph";
import { usage } from "../../core/errors.ts";
import type { Operation } from "../../core/operation.ts";
import type { Point } from "../../core/revision.ts";
import { declarationOf } from "./declaration.ts";
import { field } from "./header.ts";
import { parsed, wellFormed } from "./source.ts";
import { statement } from "./statement.ts";

export interface Edit {
  /** what stays open */
  readonly review?: readonly Point[];
  readonly parents?: readonly string[];
  readonly message?: string;
  readonly upgrade?: Change;
  readonly downgrade?: Change;
}
interface Change {
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
}

/** A stretch of the file and what takes its place. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Rewrites only the statements whose operations change, the n-th statement being the n-th operation; comments and all else stay. */
export async function editRevision(text: string, edit: Edit): Promise<string> {
  const source = await parsed(text);
  const open = new Set((edit.review ?? []).map(({ id }) => id));
  const splices = [
    ...(edit.upgrade === undefined ? [] : rewritten(methodOf(source, "upgrade"), edit.upgrade, open)),
    ...(edit.downgrade === undefined ? [] : rewritten(methodOf(source, "downgrade"), edit.downgrade, open)),
    ...(edit.review === undefined ? [] : property(source, "review", edit.review.length === 0 ? undefined : edit.review)),
    ...(edit.parents === undefined ? [] : property(source, "parents", edit.parents)),
    ...(edit.message === undefined ? [] : property(source, "message", edit.message)),
  ];
  const changed = await parsed(
    splices.sort((a, b) => b.from - a.from).reduce((whole, { from, to, text }) => whole.slice(0, from) + text + whole.slice(to), text),
  );
  importSql(changed, importsOf(source).includes("sql") && usesSql(source));
  return wellFormed(changed);
}

function rewritten(method: MethodDeclaration | undefined, { before, after }: Change, open: ReadonlySet<string>): readonly Splice[] {
  // a downgrade that is not written out follows the upgrade by itself
  if (method === undefined) return [];
  const statements = statementsOf(method, before.length);
  const kept = common(before, after);
  const lines = after.map((operation, i) => {
    const from = kept.get(i);
    return from === undefined ? statement(operation, 4) : withoutAnswered(statements[from] ?? "", open);
  });
  const body = method.getBodyOrThrow();
  const [parameter] = method.getParameters();
  // an unused parameter would be a finding of most linters
  const fits = (parameter === undefined) === (lines.length === 0);
  const head = fits ? [] : [{ from: method.getNameNode().getEnd(), to: body.getStart(), text: lines.length === 0 ? "() " : "(op) " }];
  return [...head, { from: body.getStart(), to: body.getEnd(), text: lines.length === 0 ? "{}" : `{\n${lines.join("")}  }` }];
}

/** The text of each statement with the comments above it. */
function statementsOf(method: MethodDeclaration, count: number): readonly string[] {
  const statements = method.getStatements();
  const plain = statements.every(
    (one) =>
      Node.isExpressionStatement(one) && Node.isCallExpression(one.getExpression()) && one.getExpression().getText().startsWith("op."),
  );
  if (!plain || statements.length !== count) {
    throw usage(
      "edit-by-hand",
      `${method.getName()}(op) is not a plain list of op.… calls, so its statements can't be matched with its operations.`,
      "rewrite it by hand, and delete the answered lines of `review`",
    );
  }
  return statements.map(
    (one) =>
      `${one
        .getFullText()
        .replace(/^[^\S\n]*\n/, "")
        .replace(/^\n+/, "")}\n`,
  );
}

/** For each operation after the change, which one before it is; in order, as many as possible. */
function common(before: readonly Operation[], after: readonly Operation[]): ReadonlyMap<number, number> {
  const a = before.map((one) => JSON.stringify(one));
  const b = after.map((one) => JSON.stringify(one));
  const best: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => best[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = best[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs = new Map<number, number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.set(j++, i++);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** The two lines that ask go once the point is answered. */
function withoutAnswered(text: string, open: ReadonlySet<string>): string {
  const lines = text.split("\n");
  return lines
    .filter((line, i) => {
      const asks = /^\s*\/\/ (r\d+): /.exec(line)?.[1];
      const above = /^\s*\/\/ (r\d+): /.exec(lines[i - 1] ?? "")?.[1];
      const id = asks ?? (/limbeck resolve /.test(line) ? above : undefined);
      return id === undefined || open.has(id);
    })
    .join("\n");
}

function property(source: SourceFile, name: string, value: unknown): readonly Splice[] {
  const found = declarationOf(source).getProperty(name);
  if (found === undefined) return [];
  if (value !== undefined) return [{ from: found.getStart(), to: found.getEnd(), text: field(name, value) }];
  // the whole of its lines, with the comma
  const from = found.getNonWhitespaceStart();
  const rest = /^,?[^\S\n]*\n?/.exec(source.getFullText().slice(found.getEnd()))?.[0].length ?? 0;
  const indent = /[^\S\n]*$/.exec(source.getFullText().slice(0, from))?.[0].length ?? 0;
  return [{ from: from - indent, to: found.getEnd() + rest, text: "" }];
}

function methodOf(source: SourceFile, name: string): MethodDeclaration | undefined {
  const property = declarationOf(source).getProperty(name);
  if (property === undefined || Node.isMethodDeclaration(property)) return property;
  throw usage("edit-by-hand", `${name} is not written as ${name}(op) { … }.`, "write it so, or rewrite it by hand");
}

const importsOf = (source: SourceFile): readonly string[] =>
  source
    .getImportDeclaration("limbeck")
    ?.getNamedImports()
    .map((one) => one.getName()) ?? [];
const usesSql = (source: SourceFile): boolean =>
  source.getStatements().some((one) => !Node.isImportDeclaration(one) && /\bsql\b/.test(one.getText()));

/** The import goes with its last use, and comes with the first. */
function importSql(source: SourceFile, used: boolean): void {
  const declaration = source.getImportDeclaration("limbeck");
  const has = importsOf(source).includes("sql");
  const uses = /\bsql`/.test(declarationOf(source).getText());
  if (uses && !has) declaration?.addNamedImport("sql");
  if (used && has && !usesSql(source)) {
    declaration
      ?.getNamedImports()
      .find((one) => one.getName() === "sql")
      ?.remove();
  }
}
