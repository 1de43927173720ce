import { flag, optional } from "../config/fields.ts";
import { dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** The mean over height and width. */
export const GlobalAveragePooling2D = layer({
  config: { data_format: dataFormat, keepdims: optional(flag, false) },
  emit(call) {
    const axes = call.config.data_format === "channels_last" ? [1, 2] : [2, 3];
    const attrs = { axes, keepdims: call.config.keepdims ? 1 : 0 };
    return call.b.op("ReduceMean", [onlyOfRank(call, 4)], attrs, call.name);
  },
});
