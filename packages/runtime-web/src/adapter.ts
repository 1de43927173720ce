import { ResonnxError } from "@resonnx/base";

/** A WebGPU adapter in words, such as `nvidia ampere` or `google swiftshader (software)`. */
export interface AdapterFacts {
  readonly name: string;
  /** Computed on the CPU: about 100 times slower than wasm would be. */
  readonly software: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/**
 * The adapter that WebGPU gives this page. Throws `unavailable` when there is none, and when it is software although
 * `allowSoftware` is false.
 */
export async function findAdapter(allowSoftware: boolean): Promise<AdapterFacts> {
  if (!globalThis.isSecureContext) throw lacking("WebGPU needs a secure page", "serve it by https or from localhost");
  if (!("gpu" in navigator))
    throw lacking("this browser has no WebGPU", "use a current Chrome, Edge, Firefox or Safari");
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw lacking("the browser found no GPU it can use", "see chrome://gpu");
  const facts = describeAdapter(adapter.info);
  if (facts.software && !allowSoftware) {
    throw lacking(`only a software adapter (${facts.name})`, `name "webgpu" in providers to use it all the same`);
  }
  return facts;
}

/** Pure part of `findAdapter`. */
export function describeAdapter(
  info: Pick<GPUAdapterInfo, "vendor" | "architecture" | "description" | "isFallbackAdapter">,
): AdapterFacts {
  const name = [info.vendor, info.architecture, info.description].filter(Boolean).join(" ") || "unnamed adapter";
  return { name, software: info.isFallbackAdapter || SOFTWARE.test(name) };
}

function lacking(what: string, hint: string): ResonnxError {
  return new ResonnxError("unavailable", { where: "webgpu", what, hint });
}
