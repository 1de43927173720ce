import { axisOf, operand, refuse } from "../infer/rules.ts";
import { op } from "./op.ts";

/** QuantizeLinear(x, scale, zeroPoint?): round(x / scale) + zeroPoint, in the zero point's type (uint8 without one). */
export const QuantizeLinear = op({
  attrs: { axis: "int?" },
  arity: [2, 3],
  infer(inputs, attrs) {
    const [x, scale] = [operand(inputs, 0), operand(inputs, 1)];
    if (scale.rank === 1 && attrs.axis !== undefined) axisOf(attrs.axis, x.rank);
    return [{ dtype: inputs[2]?.type.dtype ?? "uint8", shape: x.shape }];
  },
});

/** DequantizeLinear(x, scale, zeroPoint?): (x - zeroPoint) * scale, a scale for each index of `axis` or one for all. */
export const DequantizeLinear = op({
  attrs: { axis: "int?" },
  arity: [2, 3],
  infer(inputs, attrs) {
    const [x, scale] = [operand(inputs, 0), operand(inputs, 1)];
    if (scale.rank > 1) throw refuse("scale is a scalar or a vector", `rank ${scale.rank}`);
    if (scale.rank === 1 && x.rank > 0) {
      const channels = x.shape[axisOf(attrs.axis ?? 1, x.rank)]!;
      if (typeof channels === "number" && typeof scale.shape[0] === "number" && channels !== scale.shape[0])
        throw refuse("a scale is needed for each channel", `${scale.shape[0]}`, `${channels}`);
    }
    return [{ dtype: scale.type.dtype, shape: x.shape }];
  },
});
