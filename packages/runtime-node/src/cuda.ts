import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./providers.ts";

/** The library that onnxruntime-node leaves out of its package, by platform. */
const libraries: Partial<Record<NodeJS.Platform, string>> = {
  linux: "libonnxruntime_providers_cuda.so",
  win32: "onnxruntime_providers_cuda.dll",
};

/** Why CUDA can't run: no such build, or its library doesn't lie beside the binding. */
export function cudaObstacle({ platform, bindingFolder }: Machine): string | undefined {
  const library = libraries[platform];
  if (library === undefined) return `onnxruntime has no CUDA provider on ${platform}`;
  if (existsSync(join(bindingFolder, library))) return undefined;
  return `${library} is not beside onnxruntime-node's binding; onnxruntime-node's install script fetches it where it may run`;
}
