import { cudaObstacle } from "./cuda.ts";
import { webgpuObstacle } from "./webgpu.ts";

/** The execution providers of onnxruntime-node, fastest first: the default order. */
export const PROVIDERS = ["cuda", "webgpu", "cpu"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Where providers are looked for, and whether the caller named them (software adapters only run when named). */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that holds /dev, /etc and /usr: "/" outside tests. */
  readonly root: string;
  /** The folder of onnxruntime-node's binding. */
  readonly bindingFolder: string;
  readonly named: boolean;
}

/**
 * Why a provider must not even be tried on this machine, or undefined. It is asked before a session is made, because
 * onnxruntime's own message is the same for every missing library, and because it takes a software adapter silently.
 */
export const obstacles: { readonly [P in Provider]: (machine: Machine) => string | undefined } = {
  cuda: cudaObstacle,
  webgpu: webgpuObstacle,
  cpu: () => undefined,
};
