import { ResonnxError } from "@resonnx/base";
import { Builder } from "../builder/builder.ts";
import { axisOf } from "../infer/rules.ts";
import type { StandIn } from "./stand-ins.ts";

/** Before opset 13 the axis only says where rows of a matrix begin: everything from it on is one row. Default 1. */
const ofRows =
  (op: "Softmax" | "LogSoftmax"): StandIn =>
  ({ graph, node, inputs, where }) => {
    const [x] = inputs;
    if (!x) throw new ResonnxError("bad-input", { where, what: "input 0 is missing" });
    const given = node.attribute?.find(({ name }) => name === "axis");
    const axis = axisOf(given ? Number(given.i ?? 0) : 1, x.rank);
    const b = new Builder(graph);
    const name = node.name || undefined;
    if (axis === x.rank - 1) return b.op(op, [x], { axis }, name);
    const rows = b.op(op, [b.op("Flatten", [x], { axis })], { axis: 1 }, name);
    return b.op("Reshape", [rows, b.op("Shape", [x], {})], {});
  };

/** Operators that mean something else in files below opset 13, not only in another form, which is refused where it differs. */
export const before13: Readonly<Record<string, StandIn>> = {
  LogSoftmax: ofRows("LogSoftmax"),
  Softmax: ofRows("Softmax"),
};
