import { floats } from "@resonnx/onnx";
import { listOf, number, oneOf, optional } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** The number of boundaries that each element has reached, as int32. */
export const Discretization = layer({
  config: { bin_boundaries: listOf(number), output_mode: optional(oneOf("int"), "int") },
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    const bounds = b.constant(floats([config.bin_boundaries.length], config.bin_boundaries));
    const above = b.op("Greater", [bounds, b.op("Unsqueeze", [x, b.ints([x.rank])], {})], {});
    const reached = b.op("Cast", [b.op("Not", [above], {})], { to: "float32" });
    return b.op("Cast", [b.sum(reached, [x.rank], 0)], { to: "int32" }, name);
  },
});
