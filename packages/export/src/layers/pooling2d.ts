import { nullable, optional, pair } from "../config/fields.ts";
import { channelsFirst, dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { explicitPads, padding } from "./parts/padding.ts";
import { layer } from "./rule.ts";

/** A window's maximum or mean; padding counts in neither. */
const pooling2d = (op: "MaxPool" | "AveragePool") =>
  layer({
    config: {
      pool_size: optional(pair, [2, 2]),
      strides: nullable(pair),
      padding: optional(padding, "valid"),
      data_format: dataFormat,
    },
    emit(call) {
      const { b, config, name, where } = call;
      const kernel = config.pool_size;
      const strides = config.strides ?? kernel;
      return channelsFirst(b, onlyOfRank(call, 4), config.data_format, (x) => {
        const pads = explicitPads(config.padding, x.shape.slice(2), { kernel, strides }, where);
        return b.op(op, [x], { kernel_shape: kernel, strides, pads }, name);
      });
    },
  });

export const MaxPooling2D = pooling2d("MaxPool");
export const AveragePooling2D = pooling2d("AveragePool");
