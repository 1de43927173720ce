import { type Builder, tensor, type Value } from "@resonnx/onnx";
import { axes, flag, integer, nullable, number, oneOf, optional } from "../config/fields.ts";
import { only, several } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

const int32 = (b: Builder, value: number): Value =>
  b.once(`int32 ${value}`, () => tensor("int32", [], Int32Array.of(value)));

/** `x != value` */
const NotEqual = layer({
  config: { value: number },
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    const value = x.type.dtype === "int32" ? int32(b, config.value) : config.value;
    return b.op("Not", [b.op("Equal", [x, value], {})], {}, name);
  },
});

/** True where anything along the axes is. */
const Any = layer({
  config: { axis: nullable(axes), keepdims: optional(flag, false) },
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    const attrs = { axes: config.axis ?? [...x.shape.keys()], keepdims: config.keepdims ? 1 : 0 };
    return b.op("Cast", [b.op("ReduceMax", [b.op("Cast", [x], { to: "float32" })], attrs)], { to: "bool" }, name);
  },
});

const logical = (op: "And" | "Or") =>
  layer({ config: {}, emit: (call) => call.b.op(op, several(call, 2), {}, call.name) });

const ExpandDims = layer({
  config: { axis: integer },
  emit: (call) => call.b.op("Unsqueeze", [only(call), call.b.ints([call.config.axis])], {}, call.name),
});

/** False of the input's shape. */
const ZerosLike = layer({
  config: { dtype: oneOf("bool") },
  emit(call) {
    const { b, name } = call;
    const no = b.once("false", () => tensor("bool", [], Uint8Array.of(0)));
    return b.op("Expand", [no, b.op("Shape", [only(call)], {})], {}, name);
  },
});

/** The operations that Keras 3 writes between the layers of a functional model to compute its masks. */
export const maskOperations = {
  "ops.Any": Any,
  "ops.ExpandDims": ExpandDims,
  "ops.LogicalAnd": logical("And"),
  "ops.LogicalOr": logical("Or"),
  "ops.NotEqual": NotEqual,
  "ops.ZerosLike": ZerosLike,
};
