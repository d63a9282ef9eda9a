import { describe, expect, it } from "vitest";
import type { Column, Schema, Table } from "../../../../src/core/schema.ts";
import { assume } from "../../../../src/dialect/mysql/identify.ts";
import { settle } from "../../../../src/dialect/mysql/settle.ts";

const plain: Table = { name: "t", columns: [], uniques: [], indexes: [], foreignKeys: [], checks: [], exclusions: [] };
const schemaOf = (table: Partial<Table>): Schema => ({
  namespaces: [],
  extensions: [],
  enums: [],
  tables: [{ ...plain, ...table }],
  views: [],
  external: [],
});
const settled = (wanted: Partial<Table>, had: Partial<Table>): Table | undefined =>
  settle(schemaOf(wanted), schemaOf(had), assume("mariadb")).tables[0];
const column = (wanted: Partial<Column>, had: Partial<Column>): Column | undefined =>
  settled({ columns: [{ name: "a", type: "int", ...wanted }] }, { columns: [{ name: "a", type: "int", ...had }] })?.columns[0];

describe("what is wanted, seen beside what is there", () => {
  it("keeps an engine, character set and collation that the models don't speak of", () => {
    const had = { engine: "MyISAM", charset: "latin1", collation: "latin1_bin" };
    expect(settled({}, had)).toEqual({ ...plain, ...had });
    expect(settled({ engine: "Aria", charset: "utf8mb3" }, had)).toEqual({ ...plain, engine: "Aria", charset: "utf8mb3" });
    // the server's default is not said of what is there
    expect(settled({ engine: "InnoDB" }, {})).toEqual(plain);
    expect(settled({ engine: "InnoDB" }, had)?.engine).toBe("InnoDB");
  });

  it("takes what is computed alike for the same, in the words of what is there", () => {
    const there = { expression: "concat(`a`,'x')", stored: true };
    expect(column({ generated: { expression: "CONCAT(a, 'x')", stored: true } }, { generated: there })?.generated).toEqual(there);
    const other = { expression: "CONCAT(a, 'y')", stored: true };
    expect(column({ generated: other }, { generated: there })?.generated).toEqual(other);
  });

  it("keeps the width of a boolean", () => {
    expect(column({ type: "tinyint" }, { type: "tinyint(1)" })?.type).toBe("tinyint(1)");
    expect(column({ type: "tinyint(1)" }, { type: "tinyint" })?.type).toBe("tinyint");
    expect(column({ type: "tinyint unsigned" }, { type: "tinyint(1)" })?.type).toBe("tinyint unsigned");
  });

  it("takes question marks for what can't be shown, only where nothing else differs", () => {
    expect(column({ comment: "so 😀" }, { comment: "so ?" })?.comment).toBe("so ?");
    expect(column({ comment: "so 😀", nullable: true }, { comment: "so ?" })?.comment).toBe("so 😀");
    expect(column({ comment: "so so" }, { comment: "so ?" })?.comment).toBe("so so");
    expect(column({ default: "x'00ff'" }, { default: "x'003f'" })?.default).toBe("x'003f'");
    expect(column({ default: "x'41ff'" }, { default: "'A?'" })?.default).toBe("'A?'");
  });

  it("takes the prefix that InnoDB puts on a key that is too long", () => {
    const cut = { name: "i", columns: [{ column: "a", prefix: 768 }] };
    expect(settled({ indexes: [{ name: "i", columns: ["a"] }] }, { indexes: [cut] })?.indexes).toEqual([cut]);
    const chosen = { name: "i", columns: [{ column: "a", prefix: 20 }] };
    expect(settled({ indexes: [{ name: "i", columns: ["a"] }] }, { indexes: [chosen] })?.indexes).toEqual([{ name: "i", columns: ["a"] }]);
  });
});
