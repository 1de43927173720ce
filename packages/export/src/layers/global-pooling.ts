import type { Value } from "@resonnx/onnx";
import { flag, optional } from "../config/fields.ts";
import { dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** The maximum or mean over all spatial axes. */
const globalPooling = (spatial: 1 | 2 | 3, op: "ReduceMax" | "ReduceMean") =>
  layer({
    config: { data_format: dataFormat, keepdims: optional(flag, false) },
    emit(call) {
      const { b, config, name, masks } = call;
      const x = onlyOfRank(call, spatial + 2);
      const first = config.data_format === "channels_last" ? 1 : 2;
      const axes = Array.from({ length: spatial }, (_, axis) => axis + first);
      const keepdims = config.keepdims ? 1 : 0;
      const [mask] = masks;
      if (!mask || spatial > 1 || op === "ReduceMax") return b.op(op, [x], { axes, keepdims }, name);
      // The mean over the steps that count, of which there is one at least.
      const counts: Value = b.op("Unsqueeze", [b.op("Cast", [mask], { to: "float32" }), b.ints([3 - first])], {});
      return b.op("Div", [b.sum(b.mul(x, counts), axes, keepdims), b.sum(counts, axes, keepdims)], {}, name);
    },
  });

export const GlobalAveragePooling1D = globalPooling(1, "ReduceMean");
export const GlobalAveragePooling2D = globalPooling(2, "ReduceMean");
export const GlobalAveragePooling3D = globalPooling(3, "ReduceMean");
export const GlobalMaxPooling1D = globalPooling(1, "ReduceMax");
export const GlobalMaxPooling2D = globalPooling(2, "ReduceMax");
export const GlobalMaxPooling3D = globalPooling(3, "ReduceMax");
