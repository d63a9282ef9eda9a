import type { Operation } from "../../core/operation.ts";
import type { Header } from "../../core/revision.ts";
import { headerLines } from "./header.ts";
import { parsed, wellFormed } from "./source.ts";
import { commentsFor, statement } from "./statement.ts";

export interface Draft {
  readonly header: Header;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
}

/** The text of a revision file. */
export async function writeRevision({ header, upgrade, downgrade }: Draft): Promise<string> {
  const body = (name: string, operations: readonly Operation[]) => {
    const lines = operations.map((operation) =>
      statement(operation, 4, name === "upgrade" ? commentsFor(operation, header.review, header.id) : []),
    );
    // an unused parameter would be a finding of most linters
    return lines.length === 0 ? `  ${name}() {},\n` : `  ${name}(op) {\n${lines.join("")}  },\n`;
  };
  const declaration = `export default revision({\n${headerLines(header)}\n${body("upgrade", upgrade)}\n${body("downgrade", downgrade)}});\n`;
  const names = /\bsql`/.test(declaration) ? ["revision", "sql"] : ["revision"];
  const text = `import { ${names.join(", ")} } from "limbeck";\n\n${declaration}`;
  // a head alone is quoted value by value: nothing in it could be no TypeScript
  return upgrade.length + downgrade.length === 0 ? text : wellFormed(await parsed(text));
}
