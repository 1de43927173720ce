import { integer, listOf, optional } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** [batch, ...] -> [batch, ...target_shape]; one -1, which tfjs saves as null, takes what is left. */
export const Reshape = layer({
  config: { target_shape: listOf(optional(integer, -1)) },
  // A 0 in ONNX' shape copies the input's size: the batch.
  emit: (call) => call.b.op("Reshape", [only(call), call.b.ints([0, ...call.config.target_shape])], {}, call.name),
});
