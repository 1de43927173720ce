import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "@resonnx/base";
import type { Machine } from "./providers.ts";

/**
 * Why WebGPU must not be taken unasked: on Linux it is Vulkan, which also runs on software drivers (SwiftShader, llvmpipe),
 * a hundred times slower than the CPU provider. Metal and Direct3D put hardware first, and naming `webgpu` takes whatever there is.
 */
export function webgpuObstacle(machine: Machine): string | undefined {
  if (machine.named || machine.platform !== "linux") return undefined;
  const hint = "name webgpu in `providers` to run it on a software adapter";
  if (!hasGpuDevice(machine.root)) return `no GPU device (/dev/dri/renderD*, /dev/nvidia*, /dev/dxg); ${hint}`;
  const { drivers, unreadable } = vulkanDrivers(machine);
  if (drivers.some((library) => !SOFTWARE.test(library))) return undefined;
  const found = [...drivers, ...unreadable].join(", ");
  return found ? `only software Vulkan drivers (${found}); ${hint}` : "no Vulkan driver is installed";
}

const GPU_DEVICES: readonly (readonly [folder: string, name: RegExp])[] = [
  ["dev/dri", /^renderD\d+$/],
  ["dev", /^(nvidia\d+|dxg)$/],
];

/** Libraries of Vulkan drivers that compute on the CPU. */
const SOFTWARE = /swiftshader|lvp|lavapipe|llvmpipe/i;

function hasGpuDevice(root: string): boolean {
  return GPU_DEVICES.some(([folder, name]) => list(join(root, folder)).some((entry) => name.test(entry)));
}

/** The libraries that the Vulkan loader's manifests name, in the places where the loader looks. */
function vulkanDrivers({ env, root }: Machine): { drivers: string[]; unreadable: string[] } {
  const only = env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES;
  const entries = only ? only.split(":") : [...(env.VK_ADD_DRIVER_FILES?.split(":") ?? []), ...folders(env, root)];
  const drivers: string[] = [];
  const unreadable: string[] = [];
  for (const manifest of entries.flatMap(manifests)) {
    try {
      const parsed: { ICD?: { library_path?: unknown } } | null = JSON.parse(readFileSync(manifest, "utf8"));
      drivers.push(String(parsed?.ICD?.library_path));
    } catch (error) {
      unreadable.push(`${manifest}: ${reasonOf(error)}`);
    }
  }
  return { drivers, unreadable };
}

/** The Vulkan loader's search path: system folders, then the user's. */
function folders(env: Machine["env"], root: string): string[] {
  const home = [env.XDG_DATA_HOME || (env.HOME && join(env.HOME, ".local/share"))].filter(
    (folder) => folder !== undefined,
  );
  const system = ["etc", "usr/local/etc", "usr/local/share", "usr/share"].map((folder) => join(root, folder));
  return [...system, ...home].map((folder) => join(folder, "vulkan/icd.d"));
}

/** The manifests that an entry of the search path stands for: a file itself, or every one in a folder. */
function manifests(entry: string): string[] {
  if (entry.endsWith(".json")) return [entry];
  return list(entry)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(entry, name));
}

/** The names in a folder; a folder that isn't there holds none. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
