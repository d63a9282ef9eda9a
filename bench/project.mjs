// A project of N tables (about ten mixed columns, an enum, foreign keys to earlier tables, indexes) that both tools can read: plain JavaScript.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

export function makeProject(tables, { type, columns }) {
  const dir = mkdtempSync(join(tmpdir(), `limbeck-bench-${tables}-`));
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  for (const folder of ["models", "migrations", "typeorm-migrations"]) mkdirSync(join(dir, folder));
  writeFileSync(join(dir, "package.json"), '{ "name": "bench", "private": true }');
  for (let i = 0; i < tables; i++) writeFileSync(join(dir, `models/t${i}.js`), entity(i, columns));
  writeFileSync(
    join(dir, "data-source.js"),
    `require("reflect-metadata");
const { DataSource } = require("typeorm");
module.exports.default = new DataSource({
  type: "${type}",
  url: process.env.DATABASE_URL,
  entities: [__dirname + "/models/*.js"],
  migrations: [__dirname + "/typeorm-migrations/*.js"],
});
`,
  );
  return dir;
}

function entity(i, { decimal, json, moment, noteDefault }) {
  // chains of ten, so that loading one entity does not load all
  const linked = i % 10 !== 0;
  const other = linked ? `const { T${i - 1} } = require("./t${i - 1}.js");\n` : "";
  const relation = linked ? `ManyToOne(() => T${i - 1}, { nullable: true, onDelete: "SET NULL" })(T${i}.prototype, "previous");\n` : "";
  return `const { Column, CreateDateColumn, Entity, Index, ManyToOne, PrimaryGeneratedColumn } = require("typeorm");
${other}
class T${i} {}
exports.T${i} = T${i};
PrimaryGeneratedColumn()(T${i}.prototype, "id");
Column({ type: "varchar", length: 120 })(T${i}.prototype, "name");
Column({ type: "varchar", length: 40, nullable: true })(T${i}.prototype, "code");
Column({ type: "int", default: 0 })(T${i}.prototype, "count");
Column({ type: "${decimal}", precision: 12, scale: 2, default: 0 })(T${i}.prototype, "amount");
Column({ type: "boolean", default: false })(T${i}.prototype, "active");
Column({ type: "${json}", nullable: true })(T${i}.prototype, "extra");
Column({ type: "enum", enum: ["draft", "open", "closed"], default: "draft" })(T${i}.prototype, "status");
CreateDateColumn({ type: "${moment}" })(T${i}.prototype, "createdAt");
Column({ type: "text"${noteDefault ? ', default: ""' : ""} })(T${i}.prototype, "note");
${relation}Index(["name"])(T${i});
Index(["count", "active"])(T${i});
Entity("t${i}")(T${i});
`;
}

/** A chain of revisions that do nothing, and the same for TypeORM. */
export function makeChain(dir, count) {
  const id = (n) => `r${String(n).padStart(6, "0")}`;
  makeHistory(
    dir,
    Array.from({ length: count }, (_, i) => ({ id: id(i), parents: i === 0 ? [] : [id(i - 1)] })),
  );
  for (let i = 0; i < count; i++) {
    const stamp = 1700000000000 + i;
    writeFileSync(
      join(dir, `typeorm-migrations/${stamp}-step.js`),
      `class Step${stamp} { async up() {} async down() {} }\nmodule.exports = { Step${stamp} };\n`,
    );
  }
}

/** A file for each revision, which does nothing. */
export function makeHistory(dir, nodes) {
  for (const { id, parents } of nodes) {
    writeFileSync(
      join(dir, `migrations/202601010000_${id}_step.js`),
      `const { revision } = require("limbeck");

module.exports.default = revision({
  id: "${id}",
  parents: ${JSON.stringify(parents)},
  message: "step ${id}",
  createdAt: "2026-01-01T00:00:00Z",

  upgrade(op) {},

  downgrade(op) {},
});
`,
    );
  }
}
