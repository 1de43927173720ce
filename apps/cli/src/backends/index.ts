import type { Backend } from "@resonnx/parity";
import type { BackendName } from "./names.ts";
import { ortNodeCpu } from "./ort-node-cpu.ts";
import { ortNodeCuda } from "./ort-node-cuda.ts";
import { ortNodeWebgpu } from "./ort-node-webgpu.ts";
import { ortWebWasm } from "./ort-web-wasm.ts";
import { ortWebWebgpu } from "./ort-web-webgpu.ts";
import { type LoadArtifacts, tfjsBackend } from "./tfjs.ts";

export { BACKEND_NAMES, type BackendName } from "./names.ts";
export type { LoadArtifacts } from "./tfjs.ts";

/** What the backends need beyond the bytes of the `.onnx` file. */
export interface BackendSource {
  /** Loads the tfjs model that the file was exported from; absent when it isn't known. */
  readonly loadArtifacts?: LoadArtifacts;
}

/** Every backend by its name. */
export const backends: { readonly [K in BackendName]: (source: BackendSource) => Backend } = {
  tfjs: ({ loadArtifacts }) => tfjsBackend(loadArtifacts),
  "ort-node-cpu": () => ortNodeCpu,
  "ort-node-cuda": () => ortNodeCuda,
  "ort-node-webgpu": () => ortNodeWebgpu,
  "ort-web-wasm": () => ortWebWasm,
  "ort-web-webgpu": () => ortWebWebgpu,
};
