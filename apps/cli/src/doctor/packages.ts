import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Packages that decide what works, and the package of ours that depends on each. */
const PACKAGES = {
  "onnxruntime-node": "@resonnx/runtime-node",
  "onnxruntime-web": "@resonnx/runtime-web",
  "@tensorflow/tfjs": "@resonnx/core",
  "@tensorflow/tfjs-node": "@resonnx/core",
  "@tensorflow/tfjs-node-gpu": "@resonnx/core",
  "@tensorflow/tfjs-backend-wasm": "@resonnx/cli",
  "@sparticuz/chromium": "@resonnx/cli",
  h5wasm: "@resonnx/keras",
  sharp: "@resonnx/runtime-node",
} as const;

/** The installed versions; null for what isn't installed. */
export async function packageVersions(): Promise<Record<string, string | null>> {
  const versions = Object.entries(PACKAGES).map(async ([name, owner]) => [name, await versionOf(name, owner)] as const);
  return Object.fromEntries(await Promise.all(versions));
}

async function versionOf(name: string, owner: string): Promise<string | null> {
  const from = owner === "@resonnx/cli" ? import.meta.url : import.meta.resolve(owner);
  for (const folder of createRequire(from).resolve.paths(name) ?? []) {
    const text = await readFile(join(folder, name, "package.json"), "utf8").catch(() => null);
    if (text !== null) return String(JSON.parse(text).version);
  }
  return null;
}
