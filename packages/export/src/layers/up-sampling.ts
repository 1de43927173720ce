import { only, optional, sizes } from "../config/fields.ts";
import { dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { enlarge, interpolation } from "./parts/resize.ts";
import { layer } from "./rule.ts";

/** Every spatial axis a whole number of times as large. */
const upSampling = (spatial: 1 | 2 | 3) =>
  layer({
    config: {
      size: optional(sizes(spatial), new Array<number>(spatial).fill(2)),
      data_format: dataFormat,
      interpolation: spatial === 2 ? interpolation("nearest") : only("nearest"),
    },
    emit(call) {
      const { b, config, name } = call;
      const start = config.data_format === "channels_last" ? 1 : 2;
      return enlarge(b, onlyOfRank(call, spatial + 2), start, config.size, config.interpolation, name);
    },
  });

export const UpSampling1D = upSampling(1);
export const UpSampling2D = upSampling(2);
export const UpSampling3D = upSampling(3);
