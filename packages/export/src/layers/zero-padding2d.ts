import { margins } from "../config/fields.ts";
import { dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** Zeros around height and width. */
export const ZeroPadding2D = layer({
  config: { padding: margins, data_format: dataFormat },
  emit(call) {
    const { b, config, name } = call;
    const [[top, bottom], [left, right]] = config.padding;
    const pads =
      config.data_format === "channels_last"
        ? [0, top, left, 0, 0, bottom, right, 0]
        : [0, 0, top, left, 0, 0, bottom, right];
    return b.op("Pad", [onlyOfRank(call, 4), b.ints(pads)], {}, name);
  },
});
