import type { Json, JsonObject } from "../config/model-config.ts";
import type { KerasOptimizerName, SlotName } from "./optimizers.ts";

/** What an optimizer has gathered in training: with it, training goes on as if it had never stopped. */
export interface OptimizerState {
  /** Steps done. */
  readonly iterations: number;
  /**
   * The arrays by Keras 3's name of their kind and the tfjs name of their weight (`arrays.momentum["conv1/kernel"]`), each of
   * the weight's shape. What a trainable weight lacks starts from the beginning.
   */
  readonly arrays: { readonly [S in SlotName]?: Readonly<Record<string, Float32Array>> };
}

/** What a Keras file tells about training besides the model. Names and settings are Keras' own. */
export interface KerasTraining {
  readonly optimizer: {
    readonly className: KerasOptimizerName;
    /** `learning_rate` and whatever else its class takes. */
    readonly config: JsonObject;
    readonly state?: OptimizerState | undefined;
  };
  /** A name, a config, or several for several outputs. */
  readonly loss: Json;
  readonly metrics: Json;
}
