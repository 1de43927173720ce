import { tensor } from "@resonnx/onnx";
import { flag, optional } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** A row of the table for every index; with `mask_zero`, index 0 marks steps that don't count. */
export const Embedding = layer({
  eachStep: true,
  config: { mask_zero: optional(flag, false) },
  emit(call) {
    const { b, config, name, weight } = call;
    const x = only(call);
    const indices = x.type.dtype === "int32" ? x : b.op("Cast", [x], { to: "int32" });
    const values = [b.op("Gather", [weight("embeddings", 2), indices], { axis: 0 }, name)];
    if (!config.mask_zero) return values;
    const zero = b.once("int32 0", () => tensor("int32", [], Int32Array.of(0)));
    return { values, masks: [b.op("Not", [b.op("Equal", [indices, zero], {})], {})] };
  },
});
