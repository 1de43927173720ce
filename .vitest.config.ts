import { defineConfig } from "vitest/config";

/**
 * Two projects over the same sources: `unit` runs side by side, `heavy` (`*.heavy.test.ts`: a real Chromium, ResNet50
 * on onnxruntime, child processes) one file after the other, since each of them fills the machine on its own.
 */
const shared = { exclude: ["**/dist/**", "**/node_modules/**"], pool: "forks" as const };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["{packages,apps}/*/{src,test}/**/*.test.ts"],
          exclude: [...shared.exclude, "**/*.heavy.test.ts"],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: "heavy",
          include: ["{packages,apps}/*/{src,test}/**/*.heavy.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
