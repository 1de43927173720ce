import { layer } from "./rule.ts";

/** The graph's input itself; `forward` makes it from the layer's shape and type (see input-type.ts). */
export const InputLayer = layer({ config: {}, emit: ({ inputs }) => inputs });
