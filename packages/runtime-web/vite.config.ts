import { defineConfig } from "vite";

/** The page that src/chromium drives. The wasm files stay in onnxruntime-web: the server hands them out from there. */
export default defineConfig({
  logLevel: "warn",
  build: { outDir: "dist/chromium-page", target: "esnext", modulePreload: false },
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "production"] },
});
