import { ResonnxError } from "@resonnx/base";
import { printType } from "@resonnx/onnx";
import { type Margin, margins, optional } from "../config/fields.ts";
import { dataFormat } from "./parts/data-format.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** What a Slice reads as "to the end". */
const TO_THE_END = Number.MAX_SAFE_INTEGER;

/** Cuts margins off every spatial axis. */
const cropping = (spatial: 1 | 2 | 3) =>
  layer({
    config: { cropping: optional(margins(spatial), new Array<Margin>(spatial).fill([1, 1])), data_format: dataFormat },
    emit(call) {
      const { b, config, name, where } = call;
      const x = onlyOfRank(call, spatial + 2);
      const first = config.data_format === "channels_last" ? 1 : 2;
      const axes = config.cropping.map((_, axis) => axis + first);
      const gone = config.cropping.findIndex(([begin, end], axis) => begin + end >= Number(x.shape[axis + first]));
      if (gone >= 0)
        throw new ResonnxError("bad-input", {
          where,
          what: "cropping leaves nothing",
          got: `${config.cropping[gone]} of ${printType(x.type)}`,
        });
      const starts = b.ints(config.cropping.map(([begin]) => begin));
      const ends = b.ints(config.cropping.map(([, end]) => (end === 0 ? TO_THE_END : -end)));
      return b.op("Slice", [x, starts, ends, b.ints(axes)], {}, name);
    },
  });

export const Cropping1D = cropping(1);
export const Cropping2D = cropping(2);
export const Cropping3D = cropping(3);
