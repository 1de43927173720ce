import { type Margin, margins, optional } from "../config/fields.ts";
import { dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** Zeros around every spatial axis. */
const zeroPadding = (spatial: 1 | 2 | 3) =>
  layer({
    config: { padding: optional(margins(spatial), new Array<Margin>(spatial).fill([1, 1])), data_format: dataFormat },
    emit(call) {
      const { b, config, name } = call;
      const x = onlyOfRank(call, spatial + 2);
      const none: Margin = [0, 0];
      const sides =
        config.data_format === "channels_last" ? [none, ...config.padding, none] : [none, none, ...config.padding];
      const pads = [...sides.map(([begin]) => begin), ...sides.map(([, end]) => end)];
      return b.op("Pad", [x, b.ints(pads)], {}, name);
    },
  });

export const ZeroPadding1D = zeroPadding(1);
export const ZeroPadding2D = zeroPadding(2);
export const ZeroPadding3D = zeroPadding(3);
