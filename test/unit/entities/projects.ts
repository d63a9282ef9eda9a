import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { LimbeckError } from "../../../src/core/errors.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));

/** The projects of test/fixtures, copied to a folder of their own with the packages of this checkout. */
export function useProjects(): { readonly root: string } {
  const projects = { root: mkdtempSync(join(tmpdir(), "limbeck-projects-")) };
  beforeAll(() => {
    cpSync(join(checkout, "test/fixtures/projects"), projects.root, { recursive: true });
    symlinkSync(join(checkout, "node_modules"), join(projects.root, "node_modules"));
    // no editor and no formatter should have to live with it
    cpSync(join(projects.root, "broken/item.txt"), join(projects.root, "broken/item.ts"));
  });
  afterAll(() => rmSync(projects.root, { recursive: true, force: true }));
  return projects;
}

export async function failureOf(work: Promise<unknown>): Promise<LimbeckError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof LimbeckError) return error;
  throw error ?? new Error("it worked");
}
