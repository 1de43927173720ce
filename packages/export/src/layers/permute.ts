import { ResonnxError } from "@resonnx/base";
import { listOf, positive } from "../config/fields.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** The axes behind the batch reordered; `dims` counts them from 1. */
export const Permute = layer({
  config: { dims: listOf(positive) },
  emit(call) {
    const { b, config, name, where } = call;
    const perm = [0, ...config.dims];
    const x = onlyOfRank(call, perm.length);
    if (perm.some((axis) => axis >= perm.length) || new Set(perm).size < perm.length)
      throw new ResonnxError("bad-input", {
        where,
        what: `config "dims"`,
        got: `[${config.dims}]`,
        wanted: `each of 1 to ${config.dims.length} once`,
      });
    return b.op("Transpose", [x], { perm }, name);
  },
});
