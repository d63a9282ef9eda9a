import { describe, expect, it } from "vitest";
import { pointText } from "../../../src/core/point.ts";
import type { Point } from "../../../src/core/revision.ts";

describe("what a review point asks about is said whole", () => {
  it.each<[string, Omit<Point, "id" | "evidence">]>([
    ["banks: name → title", { kind: "rename", table: "banks", from: "name", to: "title" }],
    ["app.banks: name → title", { kind: "rename", schema: "app", table: "banks", from: "name", to: "title" }],
    ["bank → banks", { kind: "renameTable", table: "bank", from: "bank", to: "banks" }],
    ["mood: sad → low", { kind: "renameEnumValue", table: "mood", from: "sad", to: "low" }],
    ["users.mood: sad → low", { kind: "renameEnumValue", table: "users", column: "mood", from: "sad", to: "low" }],
    ["banks.tags", { kind: "using", table: "banks", column: "tags" }],
  ])("%s", (text, point) => {
    expect(pointText({ id: "r1", evidence: [], ...point })).toBe(text);
  });
});
