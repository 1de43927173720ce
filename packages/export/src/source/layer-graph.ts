import type { Tensor } from "@resonnx/onnx";
import type { JsonObject } from "../config/json.ts";

/** One layer of the source model with its weights, whatever the number of its calls. */
export interface Layer {
  readonly className: string;
  /** Unique; layers of models inside the model are called `{model}/{layer}`. */
  readonly name: string;
  readonly config: JsonObject;
  /** False when the model was saved with the layer, or a model around it, frozen. */
  readonly trainable: boolean;
  /** In the source's order; `name` is the part behind the layer's: `kernel`. */
  readonly weights: readonly LayerWeight[];
}

export interface LayerWeight {
  readonly name: string;
  /** What the source has between the layer's name and the end: `lstm_cell`, `kernel`. */
  readonly path: readonly string[];
  /** As the source has it: `conv1/kernel`. */
  readonly fullName: string;
  readonly data: Tensor;
}

/** Output `tensor` of call `node` of a layer: Keras' three-part address. */
export interface TensorRef {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** One application of a layer; a shared layer has several. Input layers have one without inputs. */
export interface LayerCall {
  readonly layer: Layer;
  readonly node: number;
  readonly inputs: readonly TensorRef[];
  /** Tensors among the named arguments (`key`, `attention_mask`) that aren't among the inputs. */
  readonly named: ReadonlyMap<string, readonly TensorRef[]>;
  /** The named arguments that are true: `use_causal_mask`. */
  readonly flags: ReadonlySet<string>;
  /** Where the call itself says whether it is one of training: `base(x, training=False)`. */
  readonly training?: boolean;
}

/** A Keras model as a checked value, free of the format that it came in. */
export interface LayerGraph {
  readonly name: string;
  /** In the source's order. */
  readonly layers: readonly Layer[];
  /** What the outputs need, dependencies first. */
  readonly calls: readonly LayerCall[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  /** What the source calls the layers that give the outputs: for a model inside the model, its own name. */
  readonly outputLayers: readonly string[];
}

export const addressOf = ({ layer, node }: { readonly layer: string; readonly node: number }): string =>
  `${layer}:${node}`;
