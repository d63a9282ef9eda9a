import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { refused, usage } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import type { Header } from "../core/revision.ts";
import { squashed } from "../diff/squash.ts";
import { type RevisionGraph, requireWhole } from "../graph/graph.ts";
import { listHistory } from "../graph/history.ts";
import { resolveRange, splitRange } from "../graph/range.ts";
import { ancestors } from "../graph/walk.ts";
import { checksum } from "../revision/checksum.ts";
import { historySchema } from "./compare/compare.ts";
import { appliedFor } from "./history.ts";
import { loadRevision } from "./project/load.ts";
import { fileOf, folderFor, type Location, openProject, type Project } from "./project/project.ts";
import { type Link, loadChain } from "./scratch/chain.ts";
import { proveSquash } from "./scratch/squash.ts";
import { checkId, fileName, freshId, writeProved } from "./write/write.ts";

export interface SquashOptions {
  readonly message: string;
  readonly id?: string;
  /** try both ways on scratch databases before anything is kept */
  readonly proof: boolean;
}

export interface SquashResult {
  readonly id: string;
  readonly file: string;
  readonly replaces: readonly string[];
  readonly proved: boolean;
  /** where the originals are now */
  readonly moved: readonly string[];
  readonly operations: number;
  readonly notes: readonly string[];
}

/** Writes one revision in the place of several, and keeps those for databases that are amid them. */
export async function squash(location: Location, range: string, options: SquashOptions): Promise<SquashResult> {
  const project = await openProject(location);
  requireWhole(project.graph);
  const ids = await membersOf(project, range);
  requireOneEnd(project.graph, ids);
  const links = await loadChain(
    project,
    ids.map((id) => fileOf(project, id)),
  );
  refuseCode(links);
  const header = headerOf(project, links, options);
  const { upgrade, downgrade } = await foldedWays(project, links);
  const { writeRevision } = await import("../revision/write/index.ts");
  const file = join(folderFor(project), fileName(header));
  await writeProved(file, await writeRevision({ header, upgrade, downgrade }), header, upgrade);
  try {
    const [link] = await loadChain(project, [{ header, file, sourceHash: "" }]);
    const notes = options.proof && link !== undefined ? await proveSquash(location, project, await before(project, ids), links, link) : [];
    const moved = await moveAway(project, ids);
    const place = (path: string) => relative(location.cwd, path);
    return {
      id: header.id,
      file: place(file),
      replaces: header.replaces,
      proved: options.proof,
      moved: moved.map(place),
      operations: upgrade.length,
      notes,
    };
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

async function membersOf(project: Project, text: string): Promise<readonly string[]> {
  if (splitRange(text) === null)
    throw usage("range-needed", `"${text}" is no range.`, "limbeck squash A:B takes both ends and what lies between");
  const applied = await appliedFor(project, text);
  const range = resolveRange(project.graph, applied ?? new Set(), text);
  const ids = new Set(listHistory(project.graph, range).map(({ id }) => id));
  if (ids.size < 2)
    throw usage("nothing-to-squash", `"${text}" is ${ids.size === 0 ? "no revision" : "one revision"}.`, "limbeck history -r A:B");
  return project.graph.order.filter((id) => ids.has(id));
}

/** Whatever follows one of them must follow all of them, and nothing may stand in between. */
function requireOneEnd(graph: RevisionGraph, ids: readonly string[]): void {
  const members = new Set(ids);
  const followers = ids.flatMap((id) => [...(graph.children.get(id) ?? []), ...(graph.dependents.get(id) ?? [])]);
  for (const id of new Set(followers.filter((one) => !members.has(one)))) {
    const below = ancestors(graph, [id]);
    if (ids.every((member) => below.has(member)) && !ids.some((member) => ancestors(graph, [member]).has(id))) continue;
    throw refused(
      "not-squashable",
      `Revision ${id} follows some of these revisions and not the others.`,
      `choose a range that has it too, or that ends before it: limbeck history --graph`,
      { revision: id },
    );
  }
}

function refuseCode(links: readonly Link[]): void {
  for (const { revision } of links) {
    const step = [...revision.upgrade.operations, ...revision.downgrade.operations].find(hasCode);
    if (step === undefined) continue;
    throw refused(
      "not-squashable",
      `Revision ${revision.id} has a step in code${step.kind === "run" ? ` ("${step.title}")` : ""}, which can't be written into another file.`,
      `squash what comes before ${revision.id}, and what comes after it; or write the step as SQL: op.execute`,
      { revision: revision.id },
    );
  }
}

const hasCode = (operation: Operation): boolean =>
  operation.kind === "run" || (operation.kind === "on" && operation.operations.some(hasCode));

function headerOf(project: Project, links: readonly Link[], { id, message }: SquashOptions): Header {
  const revisions = links.map(({ revision }) => revision);
  const members = new Set(revisions.map((one) => one.id));
  const outside = (list: readonly string[]) => [...new Set(list)].filter((one) => !members.has(one));
  const nodes = revisions.flatMap((one) => project.graph.nodes.get(one.id) ?? []);
  const parents = outside(nodes.flatMap((node) => node.parents));
  return {
    id: id === undefined ? freshId(project) : checkId(project, id),
    parents,
    dependsOn: outside(nodes.flatMap((node) => node.dependsOn)).filter((one) => !parents.includes(one)),
    labels: [...new Set(revisions.flatMap(({ labels }) => labels))],
    // those too that a squash among them stands for: a later squash must still know them by name
    replaces: [...new Set(revisions.flatMap((one) => [...one.replaces, one.id]))],
    message,
    // in the originals' place, also for whoever goes by time: TypeORM's own runner
    createdAt:
      revisions
        .map(({ createdAt }) => createdAt)
        .sort()
        .at(-1) ?? "",
    review: [],
  };
}

/** Up from what stands before them, and down from what stands after. */
async function foldedWays(project: Project, links: readonly Link[]) {
  const { dialect, configuration } = project;
  const server = dialect.assume(configuration.flavor);
  const engine = { rules: dialect.rules, flavor: server.flavor };
  const below = new Set(
    await before(
      project,
      links.map(({ revision }) => revision.id),
    ),
  );
  const { schema: start } = await historySchema(project, server, below);
  const up = squashed(
    start,
    links.flatMap(({ revision }) => revision.upgrade.operations),
    engine,
  );
  const down = squashed(
    up.schema,
    [...links].reverse().flatMap(({ revision }) => revision.downgrade.operations),
    engine,
  );
  return { upgrade: up.operations, downgrade: down.operations };
}

/** What must have run before the first of them, in order. */
async function before(project: Project, ids: readonly string[]): Promise<readonly string[]> {
  const below = ancestors(project.graph, ids);
  return project.graph.order.filter((id) => below.has(id) && !ids.includes(id));
}

/** Into `replaced/` of their folder, imports put right; each must still say there what it said before. */
async function moveAway(project: Project, ids: readonly string[]): Promise<readonly string[]> {
  const moves = ids.map((id) => {
    const { file } = fileOf(project, id);
    const folder = project.configuration.migrationsDirs.find((dir) => file.startsWith(`${dir}/`)) ?? dirname(file);
    return { id, from: file, to: join(folder, "replaced", basename(file)) };
  });
  const taken = moves.find(({ to }) => existsSync(to));
  if (taken !== undefined) throw usage("file-exists", `${taken.to} exists already.`, "move it away");
  const written: string[] = [];
  try {
    for (const { id, from, to } of moves) {
      const { header } = fileOf(project, id);
      const sums = checksum(await loadRevision({ header, file: from, sourceHash: "" }));
      mkdirSync(dirname(to), { recursive: true });
      written.push(to);
      writeFileSync(to, withImportsFrom(readFileSync(from, "utf8"), from, to));
      if (checksum(await loadRevision({ header, file: to, sourceHash: "" })) === sums) continue;
      throw refused(
        "not-squashable",
        `Revision ${id} does something else when its file stands in ${dirname(to)}.`,
        "import by absolute names there",
        { revision: id },
      );
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
  for (const { from } of moves) rmSync(from);
  return moves.map(({ to }) => to);
}

/** Relative imports, as they are to be written from another folder. */
function withImportsFrom(text: string, from: string, to: string): string {
  return text.replace(
    /(\bfrom\s+|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"']*)\2/g,
    (_, head: string, quote: string, path: string) => {
      const target = relative(dirname(to), join(dirname(from), path));
      return `${head}${quote}${target.startsWith(".") ? target : `./${target}`}${quote}`;
    },
  );
}
