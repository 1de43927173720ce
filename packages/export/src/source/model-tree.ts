import type { JsonObject } from "../config/json.ts";
import type { TensorRef } from "./layer-graph.ts";

/** A model as its config nests it, before models inside it are taken apart (see inline.ts). */
export interface ModelTree {
  readonly name: string;
  readonly layers: readonly TreeLayer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

export interface TreeLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly calls: readonly Call[];
  /** What is inside, when the layer is a model itself. */
  readonly model?: ModelTree;
}

/** What one call of a layer is given. References are to layers of the same model. */
export interface Call {
  readonly inputs: readonly TensorRef[];
  /** Tensors among the named arguments (`key`, `initial_state`), as far as they aren't among the inputs. */
  readonly named: ReadonlyMap<string, readonly TensorRef[]>;
  /** The named arguments that are true: `use_causal_mask`. */
  readonly flags: ReadonlySet<string>;
  /** Where the call itself says whether it is one of training: `base(x, training=False)`. */
  readonly training?: boolean;
}

export const INPUT_LAYER = "InputLayer";

/** The call of an input layer. */
export const noInputs: Call = { inputs: [], named: new Map(), flags: new Set() };
