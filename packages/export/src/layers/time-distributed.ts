import { ResonnxError } from "@resonnx/base";
import type { Value } from "@resonnx/onnx";
import { brief, isObject } from "../config/json.ts";
import { only } from "./parts/inputs.ts";
import { foldTime, unfoldTime } from "./parts/time.ts";
import type { CallContext, Emission, Emit, LayerRule, Mask } from "./rule.ts";
import { layer } from "./rule.ts";

/**
 * A layer over every step of [batch, time, ...]: time is folded into the batch around it, except for layers to which
 * further axes are a larger batch anyway. A model inside is taken apart where the source is read, by the two rules below.
 */
export const TimeDistributed: LayerRule = {
  state: ["moving_mean", "moving_variance"], // those of a BatchNormalization inside
  prepare(config, where, ruleOf) {
    const { class_name: className, config: inner } = isObject(config.layer) ? config.layer : {};
    if (typeof className !== "string" || !isObject(inner))
      throw new ResonnxError("bad-input", {
        where,
        what: `config "layer"`,
        got: brief(config.layer),
        wanted: "a layer",
      });
    const rule = ruleOf(className);
    if ("unsupported" in rule)
      throw new ResonnxError("unsupported", { where, what: `TimeDistributed of ${className}: ${rule.unsupported}` });
    const emit = rule.prepare(inner, where, ruleOf);
    return (call) => (rule.eachStep ? emit(call) : overSteps(emit, call));
  },
};

function overSteps(emit: Emit, call: CallContext): Emission {
  const { b, name } = call;
  const x = only(call);
  const mask = call.masks[0];
  const inner = mask && mask.rank > 2 ? foldTime(b, mask) : undefined;
  const { values, masks } = emit({ ...call, inputs: [foldTime(b, x)], masks: [inner] });
  const outputs = values.map((value, i) => unfoldTime(b, value, x, i === 0 ? `${name}/steps` : undefined));
  return { values: outputs, masks: [masks[0] ? unfoldTime(b, masks[0], x) : perStep(call, mask)] };
}

/** A step counts where anything in it does. */
function perStep({ b }: CallContext, mask: Mask): Mask {
  if (!mask || mask.rank === 2) return mask;
  const axes = Array.from({ length: mask.rank - 2 }, (_, i) => i + 2);
  const any = b.op("ReduceMax", [b.op("Cast", [mask], { to: "float32" })], { axes, keepdims: 0 });
  return b.op("Cast", [any], { to: "bool" });
}

/** What a model inside TimeDistributed reads. */
export const FoldTime = layer({ config: {}, emit: (call) => foldTime(call.b, only(call)) });

/** What TimeDistributed gives: the model's output, and the sizes of the input before. */
export const UnfoldTime = layer({
  config: {},
  masks: ({ masks }) => [masks[1]],
  emit({ b, inputs, name }) {
    const [y, x] = inputs as readonly [Value, Value]; // written by source/time-distributed.ts
    return unfoldTime(b, y, x, name);
  },
});
