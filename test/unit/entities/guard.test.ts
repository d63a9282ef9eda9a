import { afterEach, describe, expect, it, vi } from "vitest";
import { guarded } from "../../../src/entities/guard.ts";

afterEach(() => void vi.useRealTimers());

describe("a configuration that is loaded", () => {
  it("is not waited for without end", async () => {
    vi.useFakeTimers();
    const waiting = expect(guarded("data-source.ts", () => new Promise(() => {}))).rejects.toMatchObject({
      code: "config-hangs",
      message: "data-source.ts was not done loading after 30 seconds.",
    });
    vi.runAllTimers();
    await waiting;
  });

  it("cannot end the process, also where it takes what stops it for an error of its own", async () => {
    const swallowed = async () => {
      try {
        process.exit(3);
      } catch {
        return "done";
      }
    };
    await expect(guarded("data-source.ts", swallowed)).rejects.toMatchObject({ code: "config-exits" });
  });
});
