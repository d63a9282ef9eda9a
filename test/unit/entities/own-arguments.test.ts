import { Column, Entity, getMetadataArgsStorage, Index, ManyToOne, PrimaryColumn, Tree, TreeParent, Unique } from "typeorm";
import { describe, expect, it } from "vitest";
import { quickly } from "../../../src/entities/own-arguments.ts";

class Base {}
PrimaryColumn({ type: "int" })(Base.prototype, "id");
Column({ type: "text" })(Base.prototype, "name");
Index(["name"])(Base);

class Child extends Base {}
Column({ type: "varchar" })(Child.prototype, "name");
ManyToOne(() => Base)(Child.prototype, "base");
Unique(["name"])(Child);
Entity()(Child);

class Node {}
PrimaryColumn({ type: "int" })(Node.prototype, "id");
TreeParent()(Node.prototype, "parent");
Tree("closure-table")(Node);
Entity()(Node);

class Nothing {}

const store = getMetadataArgsStorage();

/** Everything that can be asked, of every class and of the chains that they extend. */
function answers(): unknown[] {
  const chain = [Child, Base];
  const targets = [Base, Child, Node, Nothing, chain, [Base, Child], [Nothing], [Child, Child]];
  return targets.flatMap((target) => [
    store.filterTables(target as never),
    store.filterColumns(target as never),
    store.findTree(target as never),
    store.filterRelations(target as never),
    store.filterRelationIds(target as never),
    store.filterIndices(target as never),
    store.filterForeignKeys(target as never),
    store.filterUniques(target as never),
    store.filterChecks(target as never),
    store.filterExclusions(target as never),
    store.filterListeners(target as never),
    store.filterEmbeddeds(target as never),
    store.findGenerated(target as never, "id"),
    store.findJoinTable(target as never, "base"),
    store.filterJoinColumns(target as never, "base"),
    store.findInheritanceType(target as never),
    store.findDiscriminatorValue(target as never),
    store.filterSingleTableChildren(target as never),
  ]);
}

describe("TypeORM's store, asked quickly", () => {
  it("gives the very same answers", async () => {
    const plain = answers();
    const quick = await quickly(store as never, async () => answers());
    expect(quick).toEqual(plain);
    const entries = (found: unknown[]) => found.flat();
    expect(entries(quick).every((entry, i) => entry === entries(plain)[i])).toBe(true);
    expect(entries(plain).length).toBeGreaterThan(20);
  });

  it("is as it was before when the work is done, and when it fails", async () => {
    await expect(quickly(store as never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(Object.keys(store).some((name) => /^(?:filter|find)/.test(name))).toBe(false);
  });
});
