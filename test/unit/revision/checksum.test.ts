import { expect, it } from "vitest";
import { record } from "../../../src/core/record.ts";
import { checksum } from "../../../src/revision/checksum.ts";

const none = record(() => {});
const column = (more: object) => record((op) => op.addColumn("exams", { name: "title", type: "text", ...more }));

it("is the same whatever the order in which the attributes are written", () => {
  const one = record((op) => op.addColumn("exams", { name: "title", type: "text", nullable: true }));
  const other = record((op) => op.addColumn("exams", { nullable: true, type: "text", name: "title" }));
  expect(checksum({ upgrade: one, downgrade: none })).toBe(checksum({ upgrade: other, downgrade: none }));
});

it("stays what it was when the revision was applied, whatever version of the tool asks", () => {
  expect(checksum({ upgrade: column({}), downgrade: none })).toBe("39a18859f7d15c3ebf3338d0447c0b61ce1071ae94d77d62939b13c13b54cc1a");
});

it("tells what was edited, in either direction", () => {
  const sums = [
    checksum({ upgrade: column({}), downgrade: none }),
    checksum({ upgrade: column({ nullable: true }), downgrade: none }),
    checksum({ upgrade: none, downgrade: column({}) }),
    checksum({ upgrade: none, downgrade: none }),
  ];
  expect(new Set(sums).size).toBe(sums.length);
});
