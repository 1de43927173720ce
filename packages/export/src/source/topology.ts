import { ResonnxError } from "@resonnx/base";
import { brief, isArray, isObject, type Json, type JsonObject } from "../config/json.ts";
import { callInputs, tensorRefs } from "./inbound.ts";
import type { TensorRef } from "./layer-graph.ts";

/** The topology as read, before weights are attached. `calls[i]` holds the inputs of the layer's call i. */
export interface Topology {
  readonly name: string;
  readonly layers: readonly TopologyLayer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

export interface TopologyLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly calls: readonly (readonly TensorRef[])[];
}

/** The largest number of layers that is read: ten times the deepest published models. */
const MAX_LAYERS = 20_000;

/** Reads `modelTopology` of a layers model: Sequential, Functional and Model, as Keras 1 to 3 and tfjs write them. */
export function readTopology(json: Json | undefined, where: string): Topology {
  const wrapped = isObject(json) && isObject(json.model_config) ? json.model_config : json;
  const root = object(wrapped, where, "modelTopology");
  const className = string(root.class_name, where, "class_name");
  const read = Object.hasOwn(modelKinds, className) ? modelKinds[className] : undefined;
  if (!read)
    throw new ResonnxError("unsupported", {
      where,
      what: "the model's class",
      got: className,
      wanted: Object.keys(modelKinds).join(" or "),
    });
  const config = isArray(root.config) ? { layers: root.config } : object(root.config, where, "config");
  const layers = list(config.layers, where, "layers");
  if (layers.length === 0 || layers.length > MAX_LAYERS)
    throw refuse(where, "number of layers", `${layers.length}`, `1 to ${MAX_LAYERS}`);
  const topology = read(layers, config, where);
  const names = new Set<string>();
  for (const { name } of topology.layers) {
    if (names.has(name)) throw refuse(where, `two layers are named "${name}"`);
    names.add(name);
  }
  return { ...topology, name: typeof config.name === "string" ? config.name : className.toLowerCase() };
}

type ModelReader = (layers: readonly Json[], config: JsonObject, where: string) => Omit<Topology, "name">;

const modelKinds: { readonly [className: string]: ModelReader } = {
  Sequential: readSequential,
  Functional: readFunctional,
  Model: readFunctional,
};

function readFunctional(layers: readonly Json[], config: JsonObject, where: string): Omit<Topology, "name"> {
  return {
    layers: layers.map((json) => {
      const layer = readLayer(json, where);
      const nodes = list(layer.source.inbound_nodes ?? [], where, `inbound_nodes of layer "${layer.name}"`);
      const calls = nodes.map((node) => callInputs(node, `${where}: layer "${layer.name}"`));
      return { ...layer, calls: layer.className === "InputLayer" ? [[]] : calls };
    }),
    inputs: tensorRefs(config.input_layers, `${where}: input_layers`),
    outputs: tensorRefs(config.output_layers, `${where}: output_layers`),
  };
}

/** A chain; its input layer is written only by some versions of Keras, and is called `{first layer}_input` elsewhere. */
function readSequential(json: readonly Json[], _config: JsonObject, where: string): Omit<Topology, "name"> {
  const written = json.map((layer) => readLayer(layer, where));
  const first = written[0]!;
  const layers = first.className === "InputLayer" ? written : [implicitInput(first, where), ...written];
  const chain = layers.map(
    (layer, i): TopologyLayer => ({ ...layer, calls: [i === 0 ? [] : [firstOutput(layers[i - 1]!)]] }),
  );
  return { layers: chain, inputs: [firstOutput(layers[0]!)], outputs: [firstOutput(layers.at(-1)!)] };
}

const firstOutput = ({ name }: { readonly name: string }): TensorRef => ({ layer: name, node: 0, tensor: 0 });

function implicitInput({ name, config }: TopologyLayer, where: string): TopologyLayer {
  const shape = config.batch_input_shape ?? config.batch_shape;
  if (shape === undefined)
    throw new ResonnxError("unsupported", {
      where: `${where}: layer "${name}"`,
      what: "a Sequential model without an input shape",
      hint: "build the model on an input before it is saved",
    });
  const dtype = typeof config.dtype === "string" ? config.dtype : "float32";
  const input = { batch_input_shape: shape, dtype, name: `${name}_input` };
  return { className: "InputLayer", name: `${name}_input`, config: input, calls: [[]] };
}

function readLayer(json: Json, where: string): TopologyLayer & { readonly source: JsonObject } {
  const source = object(json, where, "a layer");
  const className = string(source.class_name, where, "a layer's class_name");
  const config = object(source.config, `${where}: a ${className} layer`, "config");
  const name = string(config.name ?? source.name, `${where}: a ${className} layer`, "name");
  return { className, name, config, calls: [], source };
}

const refuse = (where: string, what: string, got?: string, wanted?: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what, ...(got && { got }), ...(wanted && { wanted }) });

function object(json: Json | undefined, where: string, what: string): JsonObject {
  if (!isObject(json)) throw refuse(where, what, brief(json), "an object");
  return json;
}

function list(json: Json | undefined, where: string, what: string): readonly Json[] {
  if (!isArray(json)) throw refuse(where, what, brief(json), "a list");
  return json;
}

function string(json: Json | undefined, where: string, what: string): string {
  if (typeof json !== "string" || json === "") throw refuse(where, what, brief(json), "a text");
  return json;
}
