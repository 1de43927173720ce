import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cudaObstacle } from "./cuda.ts";
import type { Machine } from "./providers.ts";
import { webgpuObstacle } from "./webgpu.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "resonnx-machine-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const machine = (changes: Partial<Machine> = {}): Machine => ({
  platform: "linux",
  env: {},
  root,
  bindingFolder: root,
  named: false,
  ...changes,
});

function put(path: string, content = ""): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

const driver = (path: string, library: string) => put(path, JSON.stringify({ ICD: { library_path: library } }));

test("webgpu: a GPU device and its Vulkan driver", () => {
  put("dev/dri/renderD128");
  driver("usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "/usr/lib/libvulkan_lvp.so");
  driver("usr/share/vulkan/icd.d/intel_icd.x86_64.json", "libvulkan_intel.so");
  expect(webgpuObstacle(machine())).toBeUndefined();
});

test("webgpu: no GPU device", () => {
  driver("usr/share/vulkan/icd.d/nvidia_icd.json", "libGLX_nvidia.so.0");
  put("dev/dri/card0");
  expect(webgpuObstacle(machine())).toMatch(/no GPU device/);
});

test("webgpu: a device without a driver, or with software ones only", () => {
  put("dev/nvidia0");
  expect(webgpuObstacle(machine())).toBe("no Vulkan driver is installed");
  driver("etc/vulkan/icd.d/lvp_icd.json", "libvulkan_lvp.so");
  put("etc/vulkan/icd.d/broken.json", "{");
  expect(webgpuObstacle(machine())).toMatch(/only software Vulkan drivers \(libvulkan_lvp\.so, .*broken\.json/);
});

test("webgpu: VK_DRIVER_FILES replaces the search path, as for the Vulkan loader", () => {
  put("dev/dri/renderD128");
  driver("usr/share/vulkan/icd.d/nvidia_icd.json", "libGLX_nvidia.so.0");
  const swiftshader = driver("chromium/vk_swiftshader_icd.json", "./libvk_swiftshader.so");
  expect(webgpuObstacle(machine({ env: { VK_DRIVER_FILES: swiftshader } }))).toMatch(/only software/);
});

test("webgpu: named explicitly it is tried on anything", () => {
  expect(webgpuObstacle(machine({ named: true }))).toBeUndefined();
});

test("cuda: the library must lie beside the binding", () => {
  expect(cudaObstacle(machine())).toMatch(/libonnxruntime_providers_cuda\.so is not beside/);
  put("libonnxruntime_providers_cuda.so");
  expect(cudaObstacle(machine())).toBeUndefined();
  expect(cudaObstacle(machine({ platform: "darwin" }))).toMatch(/no CUDA provider on darwin/);
});
