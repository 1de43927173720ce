import type { Value } from "@resonnx/onnx";
import type { Field } from "../../config/fields.ts";
import { isObject, type JsonObject } from "../../config/json.ts";
import { ELU, LeakyReLU, ThresholdedReLU } from "../leaky-activations.ts";
import { ReLU } from "../relu.ts";
import { type CallContext, type Emit, type LayerRule, unsupported } from "../rule.ts";
import { Softmax } from "../softmax.ts";
import { type ActivationName, activate, activation } from "./activation.ts";

/** A layer in the place of an activation's name, as Keras saves `Dense(activation=LeakyReLU(0.1))`. */
interface LayerActivation {
  readonly className: string;
  readonly emit: Emit;
}

export type Activation = ActivationName | LayerActivation;

/** Layers that are functions: without weights. */
const layers: { readonly [className: string]: LayerRule } = { ELU, LeakyReLU, ReLU, Softmax, ThresholdedReLU };

function layerActivation({ class_name: className, config }: JsonObject): LayerActivation | undefined {
  if (typeof className !== "string" || !Object.hasOwn(layers, className)) return undefined;
  const none = () => unsupported("an activation holds no layers");
  return {
    className,
    emit: layers[className]!.prepare(isObject(config) ? config : {}, `activation ${className}`, none),
  };
}

/** A config's `activation`: a name or a layer; none is linear. */
export const activationOrLayer: Field<Activation> = {
  code: "unsupported",
  wanted: `${activation.wanted}, or a layer: ${Object.keys(layers).join(", ")}`,
  parse: (json) => (isObject(json) ? layerActivation(json) : activation.parse(json)),
};

const labelOf = (activation: Activation): string =>
  typeof activation === "string" ? activation : activation.className;

/** `x` through the activation, as a node named after the layer and the activation, or `name`. */
export function activated(call: CallContext, how: Activation, x: Value, name = `${call.name}/${labelOf(how)}`): Value {
  if (typeof how === "string") return activate(call.b, how, x, name);
  const [y] = how.emit({ ...call, name, inputs: [x], masks: [] }).values;
  return y!; // each of these layers has one output
}
