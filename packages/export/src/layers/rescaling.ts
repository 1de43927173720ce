import { type Builder, floats, type Value } from "@resonnx/onnx";
import { axes, type Field, flag, listOf, nullable, number, optional } from "../config/fields.ts";
import { axisOfInput, knownSizes, only } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { layer } from "./rule.ts";

/** A number, or one for each element of the last axis (nested lists are read as one). */
const numbers: Field<number | readonly number[]> = {
  wanted: "a number or a list of numbers",
  parse: (json) => number.parse(json) ?? listOf(number).parse(Array.isArray(json) ? json.flat(8) : json),
};

const operand = (b: Builder, value: number | readonly number[]): Value | number =>
  typeof value === "number" ? value : b.constant(floats([value.length], value));

/** As float32. */
const asFloats = (b: Builder, x: Value): Value =>
  x.type.dtype === "float32" ? x : b.op("Cast", [x], { to: "float32" });

/** x * scale + offset */
export const Rescaling = layer({
  config: { scale: numbers, offset: optional(numbers, 0) },
  masks: passMask,
  emit(call) {
    const { b, config, name } = call;
    const scaled = b.op("Mul", [asFloats(b, only(call)), operand(b, config.scale)], {}, name);
    return config.offset === 0 ? scaled : b.op("Add", [scaled, operand(b, config.offset)], {}, `${name}/offset`);
  },
});

/** What Keras keeps away from a division by 0. */
const EPSILON = 1e-7;

/** (x - mean) / max(sqrt(variance), epsilon), or the way back; statistics from the config, or learnt by `adapt`. */
export const Normalization = layer({
  config: {
    axis: optional(axes, []),
    mean: nullable(numbers),
    variance: nullable(numbers),
    invert: optional(flag, false),
  },
  emit(call) {
    const { b, config, name, weight } = call;
    const x = asFloats(b, only(call));
    const kept = config.axis.map((axis) => axisOfInput(call, axis)).sort((a, c) => a - c);
    const sizes = knownSizes(call, x, kept);
    const shape = x.shape.map((_, axis) => (kept.includes(axis) ? sizes[kept.indexOf(axis)]! : 1));
    const statistic = (which: "mean" | "variance"): Value => {
      const given = config[which];
      if (given === null) return b.reshape(weight(which, kept.length), shape);
      const value = operand(b, given);
      return typeof value === "number" ? b.scalar(value) : value.shape[0] === 1 ? value : b.reshape(value, shape);
    };
    if (config.mean === null) weight("count", 0); // how many examples `adapt` saw
    const mean = statistic("mean");
    const deviation = b.op("Max", [b.sqrt(statistic("variance")), EPSILON], {});
    if (config.invert) return b.op("Add", [b.mul(x, deviation), mean], {}, name);
    return b.op("Div", [b.sub(x, mean), deviation], {}, name);
  },
});
