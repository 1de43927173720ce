import { ResonnxError } from "@resonnx/base";
import { printType } from "@resonnx/onnx";
import { mergeMasks } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** The sum of two or more inputs of one rank. */
export const Add = layer({
  config: {},
  masks: mergeMasks,
  emit({ b, inputs, name, where }) {
    const [first, ...rest] = inputs;
    if (!first || rest.length === 0)
      throw new ResonnxError("bad-input", {
        where,
        what: "number of inputs",
        got: `${inputs.length}`,
        wanted: "2 or more",
      });
    const odd = rest.find((input) => input.rank !== first.rank);
    if (odd)
      throw new ResonnxError("unsupported", {
        where,
        what: "inputs of different ranks",
        got: `${printType(first.type)} and ${printType(odd.type)}`,
      });
    return rest.reduce((sum, input) => b.op("Add", [sum, input], {}, name), first);
  },
});
