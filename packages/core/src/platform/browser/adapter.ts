/** What WebGPU says of the GPU that it gives a page. */
type AdapterInfo = Pick<GPUAdapterInfo, "vendor" | "architecture" | "description" | "isFallbackAdapter">;

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

const nameOf = ({ vendor, architecture, description }: AdapterInfo): string =>
  [vendor, architecture, description].filter(Boolean).join(" ") || "unnamed adapter";

/** Why WebGPU must not be taken unasked in this page, or undefined where it has a real GPU. */
export async function webgpuObstacle(): Promise<string | undefined> {
  if (!("gpu" in navigator))
    return globalThis.isSecureContext ? "this browser has no WebGPU" : "WebGPU needs a secure page";
  const adapter = await navigator.gpu.requestAdapter();
  return adapter ? softwareObstacle(adapter.info) : "the browser found no GPU it can use";
}

/** Software computes WebGPU on the CPU, about 100 times slower than wasm would. */
export function softwareObstacle(info: AdapterInfo): string | undefined {
  const name = nameOf(info);
  return info.isFallbackAdapter || SOFTWARE.test(name) ? `WebGPU is only software here (${name})` : undefined;
}
