import { defineConfig } from "vite";

/** Threads in wasm need a page that is isolated from other origins. */
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export default defineConfig({
  base: "./",
  build: {
    outDir: "dist/site",
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000, // tfjs, on the page that trains
    rolldownOptions: { input: ["index.html", "teach.html"] },
  },
  worker: { format: "es" },
  server: { headers },
  preview: { headers },
});
