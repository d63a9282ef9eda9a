import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  resolve: {
    alias: {
      limbeck: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/provision.ts"],
    setupFiles: ["test/support/seed.ts"],
    // what hangs is ended; how long a thing takes is for the benchmarks to say
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    pool: "forks",
  },
});
