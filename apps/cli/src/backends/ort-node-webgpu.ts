import { type Backend, TOLERANCES } from "@resonnx/parity";
import { webgpuObstacle } from "@resonnx/runtime-node";
import { installChromium } from "@resonnx/runtime-web/chromium";
import { SOFTWARE_GPU } from "./limits.ts";
import { nodeChild } from "./node-child.ts";

/** onnxruntime-node on WebGPU: on the machine's own GPU, else on the SwiftShader that comes with Chromium. */
export const ortNodeWebgpu: Backend = {
  name: "ort-node-webgpu",
  tolerance: TOLERANCES.webgpu,
  limit: SOFTWARE_GPU,
  open: async (bytes) => {
    const machine = { platform: process.platform, env: process.env, root: "/", bindingFolder: "", named: false };
    if (webgpuObstacle(machine) === undefined) return nodeChild(bytes, "webgpu", {}, "webgpu (hardware)");
    return nodeChild(bytes, "webgpu", await swiftshader(), "webgpu (SwiftShader)");
  },
};

/** Where the Vulkan loader and its driver are; they must be known before the process starts. */
async function swiftshader(): Promise<Record<string, string>> {
  const { vulkanFolder, swiftshaderManifest } = await installChromium();
  return { LD_LIBRARY_PATH: vulkanFolder, VK_DRIVER_FILES: swiftshaderManifest };
}
