import { ResonnxError } from "@resonnx/base";
import { tensor, type Value } from "@resonnx/onnx";
import { oneOf, only as onlyValue, optional, positive } from "../config/fields.ts";
import { only } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** Vectors of more than this have no use, and a file must not take the memory. */
const MAX_TOKENS = 1 << 24;

/**
 * Numbers of categories as vectors of `num_tokens`: one a number (`one_hot`), or one an example that marks (`multi_hot`)
 * or counts (`count`; a second input weighs) its numbers.
 */
export const CategoryEncoding = layer({
  config: {
    num_tokens: positive,
    output_mode: optional(oneOf("multi_hot", "one_hot", "count"), "multi_hot"),
    sparse: onlyValue(false),
  },
  emit(call) {
    const { b, config, inputs, name, where } = call;
    const [, weights] = inputs;
    if (weights && config.output_mode !== "count")
      throw new ResonnxError("bad-input", { where, what: `count weights with output_mode "${config.output_mode}"` });
    if (config.num_tokens > MAX_TOKENS)
      throw new ResonnxError("unsupported", {
        where,
        what: "number of tokens",
        got: `${config.num_tokens}`,
        wanted: `${MAX_TOKENS} at most`,
      });
    const given = weights ? inputs[0]! : only(call);
    const listed = (x: Value): Value => (x.rank === 1 ? b.op("Unsqueeze", [x, b.ints([1])], {}) : x);
    const behind = (x: Value): Value => b.op("Unsqueeze", [x, b.ints([x.rank])], {});
    const indices = listed(given.type.dtype === "int32" ? given : b.op("Cast", [given], { to: "int32" }));
    const tokens = b.once(`tokens ${config.num_tokens}`, () =>
      tensor(
        "int32",
        [config.num_tokens],
        Int32Array.from({ length: config.num_tokens }, (_, i) => i),
      ),
    );
    const last = indices.shape.at(-1);
    const single = config.output_mode === "one_hot" && typeof last === "number" && last !== 1;
    const marks = b.op(
      "Cast",
      [b.op("Equal", [behind(indices), tokens], {})],
      { to: "float32" },
      single ? name : undefined,
    );
    if (single) return marks;
    const axis = indices.rank - 1;
    if (config.output_mode !== "count") return b.op("ReduceMax", [marks], { axes: [axis], keepdims: 0 }, name);
    const weighed = weights ? b.mul(marks, behind(listed(weights))) : marks;
    return b.op("ReduceSum", [weighed, b.ints([axis])], { keepdims: 0 }, name);
  },
});
