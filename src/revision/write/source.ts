import type { SourceFile } from "ts-morph";
import { integrity } from "../../core/errors.ts";

/** ts-morph costs half a second to load: only what writes or edits operations pays for it. */
async function project() {
  const { Project, QuoteKind } = await import("ts-morph");
  return new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    manipulationSettings: { quoteKind: QuoteKind.Double },
  });
}

export async function parsed(text: string): Promise<SourceFile> {
  return (await project()).createSourceFile("revision.ts", text);
}

/** The text, if it is TypeScript at all. */
export function wellFormed(source: SourceFile): string {
  const text = source.getFullText();
  const { parseDiagnostics } = source.compilerNode as unknown as { parseDiagnostics: readonly { readonly messageText: unknown }[] };
  const [first] = parseDiagnostics;
  if (first === undefined) return text;
  throw integrity(
    "not-typescript",
    `What was to be written is no TypeScript: ${String(first.messageText)}.`,
    "please report this, with the entities that led to it",
  );
}
