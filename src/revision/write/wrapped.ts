import type { Header } from "../../core/revision.ts";
import { headerLines } from "./header.ts";

/** How a wrapper reaches the class that it wraps. */
export interface Wrapped {
  /** as it is imported */
  readonly path: string;
  /** the export's name; "default" */
  readonly exported: string;
  /** what TypeORM calls it */
  readonly name: string;
}

/** The text of a revision that runs a migration of TypeORM's, whose file stays as it is. */
export function writeWrapped(header: Header, { path, exported, name }: Wrapped): string {
  const local = exported === "default" ? "Migration" : exported;
  const imported = exported === "default" ? local : `{ ${local} }`;
  const step = (direction: "up" | "down") => `    op.run(${JSON.stringify(name)}, fromTypeorm(${local}).${direction});\n`;
  return `import { fromTypeorm, revision } from "limbeck";
import ${imported} from ${JSON.stringify(path)};

export default revision({
${headerLines(header)}
  upgrade(op) {
${step("up")}  },

  downgrade(op) {
${step("down")}  },
});
`;
}
