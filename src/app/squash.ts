import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { refused, usage } from "../core/errors.ts";
import type { Operation } from "../core/operation.ts";
import type { Header } from "../core/revision.ts";
import { squashed } from "../diff/squash.ts";
import type { RevisionGraph } from "../graph/graph.ts";
import { listHistory } from "../graph/history.ts";
import { resolveRange, splitRange } from "../graph/range.ts";
import { ancestors } from "../graph/walk.ts";
import { historySchema } from "./compare/compare.ts";
import { appliedFor } from "./history.ts";
import { fileOf, folderFor, type Location, openProject, type Project } from "./project/project.ts";
import { type Link, loadChain } from "./scratch/chain.ts";
import { proveSquash } from "./scratch/squash.ts";
import { copyAway } from "./squash/originals.ts";
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
  const project = await openProject(location, { whole: true });
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
  if (existsSync(file)) throw usage("file-exists", `${file} exists already.`, "choose another --rev-id or message");
  const draft = join(folderFor(project), draftFolder, fileName(header));
  rmSync(draft, { force: true });
  try {
    await writeProved(draft, await writeRevision({ header, upgrade, downgrade }), header, upgrade);
    const [link] = await loadChain(project, [{ header, file: draft, sourceHash: "" }]);
    const notes = options.proof && link !== undefined ? await proveSquash(location, project, await before(project, ids), links, link) : [];
    const moves = await copyAway(project, ids);
    // from here on the originals are out of the way, wherever they stand: whoever is killed before or after leaves a history that is whole
    renameSync(draft, file);
    for (const { from } of moves) rmSync(from);
    const place = (path: string) => relative(location.cwd, path);
    return {
      id: header.id,
      file: place(file),
      replaces: header.replaces,
      proved: options.proof,
      moved: moves.map(({ to }) => place(to)),
      operations: upgrade.length,
      notes,
    };
  } finally {
    rmSync(dirname(draft), { recursive: true, force: true });
  }
}

/** Not read for revisions, as no folder is whose name begins with a dot: what stands there is not proved. */
const draftFolder = ".squash";

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
    ...(revisions.some(({ adopted }) => adopted) ? { adopted: true } : {}),
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
