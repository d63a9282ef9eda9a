import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { engines } from "../support/databases.ts";
import { ormconfig, useProject } from "../support/project.ts";

/** Writes the names of all modules that were loaded, CommonJS or native, when the process ends. */
const trace = `const { Module } = require("node:module");
const seen = [];
const { load } = Module.prototype;
Module.prototype.load = function (file) {
  seen.push(file);
  return load.call(this, file);
};
process.on("exit", () => require("node:fs").writeFileSync(process.env.TRACE, seen.join("\\n")));
`;

/** The parts of Node itself, by its own list. */
const parts = `process.on("exit", () => require("node:fs").writeFileSync(process.env.TRACE, process.moduleLoadList.join("\\n")));
`;

const model = `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity("notes")
export class Note {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: "varchar", length: 20 }) title!: string;
}
`;

describe.each(engines)("on %s, once the configuration was compiled,", (engine) => {
  const project = useProject(engine, {
    "ormconfig.ts": ormconfig(engine),
    "models/note.ts": model,
    "trace.cjs": trace,
    "parts.cjs": parts,
  });

  beforeAll(async () => {
    await project.json(0, "revision", "--autogenerate", "-m", "notes", "--rev-id", "note1");
    await project.json(0, "upgrade", "head");
    await project.json(0, "history");
  });

  /** The packages that a command loads. */
  function loadedBy(...args: readonly string[]): readonly string[] {
    const packages = traced("trace.cjs", args).flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\//.exec(path)?.[1] ?? []);
    return [...new Set(packages)].sort();
  }

  function traced(hook: string, args: readonly string[]): readonly string[] {
    const file = join(project.dir, "loaded.txt");
    const env = { ...process.env, DATABASE_URL: project.database.url, TRACE: file };
    execFileSync(process.execPath, ["--require", join(project.dir, hook), inject("cli"), ...args], { cwd: project.dir, env });
    return readFileSync(file, "utf8").split("\n");
  }

  it.each([["history"], ["heads"], ["branches"]])("%s loads no TypeORM, no driver and no compiler", (command) => {
    expect(loadedBy(command)).toEqual([]);
  });

  it("--help loads no package at all", () => {
    expect(loadedBy("--help")).toEqual([]);
  });

  it.each([[["current"]], [["upgrade", "head"]], [["history", "-i"]]])("%j loads the driver alone", (command) => {
    const packages = loadedBy(...command);
    expect(packages).toContain(engine === "postgres" ? "pg" : "mysql2");
    for (const heavy of ["typeorm", "@swc/core", "ts-morph", "typescript"]) expect(packages).not.toContain(heavy);
  });

  it("check loads TypeORM, and of its drivers the one that is used", () => {
    const drivers = traced("trace.cjs", ["check"]).flatMap((path) => /\/typeorm\/driver\/[\w-]+\/(\w+)Driver\.js$/.exec(path)?.[1] ?? []);
    expect(drivers).toEqual([engine === "postgres" ? "Postgres" : "Mysql"]);
  });

  it.each([[["current"]], [["upgrade", "head"]], [["check"]]])(
    "%j does not make Node load fetch, for which a driver has no use",
    (command) => {
      const fetching = traced("parts.cjs", command).filter((part) => /undici/.test(part));
      expect(fetching).toEqual([]);
    },
  );

  it("an upgrade that runs something loads neither TypeORM nor a writer of TypeScript", async () => {
    await project.json(0, "downgrade", "base");
    const packages = loadedBy("upgrade", "head");
    for (const heavy of ["typeorm", "ts-morph", "typescript"]) expect(packages).not.toContain(heavy);
  });

  it("an empty revision is written without the writer of operations", () => {
    for (const heavy of ["typeorm", "ts-morph", "typescript"])
      expect(loadedBy("revision", "-m", "empty", "--dry-run")).not.toContain(heavy);
  });

  it("an autogenerate that finds nothing does not load the writer of revisions", () => {
    const packages = loadedBy("revision", "--autogenerate", "-m", "none");
    expect(packages).toContain("typeorm");
    expect(packages).not.toContain("ts-morph");
  });
});
