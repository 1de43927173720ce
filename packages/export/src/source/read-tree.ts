import { ResonnxError } from "@resonnx/base";
import { brief, isArray, isObject, type Json, type JsonObject } from "../config/json.ts";
import { callOf, tensorRefs } from "./inbound.ts";
import type { TensorRef } from "./layer-graph.ts";
import { INPUT_LAYER, type ModelTree, noInputs, type TreeLayer } from "./model-tree.ts";
import { layerOfOperation, operationName } from "./operations.ts";
import { timeDistributed } from "./time-distributed.ts";

/** The largest number of layers that is read in one model: ten times the deepest published ones. */
const MAX_LAYERS = 20_000;
/** Models inside models inside models. */
const MAX_NESTING = 32;

/** A model's config as a tree. Throws `unsupported` for a class that isn't a model, `bad-input` for one that contradicts itself. */
export function readTree(json: Json | undefined, where: string, depth = 0): ModelTree {
  if (depth > MAX_NESTING) throw refuse(where, "models inside models", "more than that deep", `${MAX_NESTING} at most`);
  const root = object(json, where, "modelTopology");
  const className = string(root.class_name, where, "class_name");
  const read = kindOf(className);
  if (!read)
    throw new ResonnxError("unsupported", {
      where,
      what: "the model's class",
      got: className,
      wanted: Object.keys(modelKinds).join(" or "),
    });
  const config = isArray(root.config) ? { layers: root.config } : object(root.config, where, "config");
  const written = list(config.layers, where, "layers");
  if (written.length === 0 || written.length > MAX_LAYERS)
    throw refuse(where, "number of layers", `${written.length}`, `1 to ${MAX_LAYERS}`);
  const layers = written.map((layer) => readLayer(layer, where, depth));
  const tree = read(layers, config, where);
  const names = new Set<string>();
  for (const { name } of tree.layers) {
    if (names.has(name)) throw refuse(where, `two layers are named "${name}"`);
    names.add(name);
  }
  return { ...tree, name: typeof config.name === "string" ? config.name : className.toLowerCase() };
}

interface WrittenLayer {
  readonly layer: Omit<TreeLayer, "calls">;
  readonly source: JsonObject;
}

type ModelReader = (written: readonly WrittenLayer[], config: JsonObject, where: string) => Omit<ModelTree, "name">;

const modelKinds: { readonly [className: string]: ModelReader } = {
  Sequential: readSequential,
  Functional: readFunctional,
  Model: readFunctional,
};

/** Whether a layer of that class is a model, which is written out. */
export const isModel = (className: string): boolean => Object.hasOwn(modelKinds, className);

const kindOf = (className: string): ModelReader | undefined =>
  Object.hasOwn(modelKinds, className) ? modelKinds[className] : undefined;

function readFunctional(written: readonly WrittenLayer[], config: JsonObject, where: string): Omit<ModelTree, "name"> {
  return {
    layers: written.map(({ layer, source }) => {
      if (layer.className === INPUT_LAYER) return { ...layer, calls: [noInputs] };
      const here = `${where}: layer "${layer.name}"`;
      const nodes = list(source.inbound_nodes ?? [], here, "inbound_nodes");
      const operation = operationName(layer.className, source);
      const equal = operation !== undefined && layerOfOperation(operation, layer, nodes);
      if (equal) return { ...layer, ...equal };
      return { ...layer, className: operation ?? layer.className, calls: nodes.map((node) => callOf(node, here)) };
    }),
    inputs: tensorRefs(config.input_layers, `${where}: input_layers`),
    outputs: tensorRefs(config.output_layers, `${where}: output_layers`),
  };
}

/** A chain; its input layer is written only by some versions of Keras, and is called `{first layer}_input` elsewhere. */
function readSequential(written: readonly WrittenLayer[], config: JsonObject): Omit<ModelTree, "name"> {
  const first = written[0]!;
  const given = first.layer.className === INPUT_LAYER;
  const layers = given
    ? written.map(({ layer }) => layer)
    : [implicitInput(first, config), ...written.map(({ layer }) => layer)];
  const chain = layers.map((layer, i): TreeLayer => {
    const call = i === 0 ? noInputs : { ...noInputs, inputs: [firstOutput(layers[i - 1]!)] };
    return { ...layer, calls: [call] };
  });
  return { layers: chain, inputs: [firstOutput(layers[0]!)], outputs: [firstOutput(layers.at(-1)!)] };
}

const firstOutput = ({ name }: { readonly name: string }): TensorRef => ({ layer: name, node: 0, tensor: 0 });

/** A model that begins the chain brings its own input; the shape stays out when nothing tells it, which is fine inside a model. */
function implicitInput({ layer, source }: WrittenLayer, sequential: JsonObject): Omit<TreeLayer, "calls"> {
  const inner = layer.model?.layers.find(({ name }) => name === layer.model?.inputs[0]?.layer);
  if (inner) return { className: inner.className, name: inner.name, config: inner.config };
  const build = isObject(source.build_config) ? source.build_config.input_shape : undefined;
  const { config } = layer;
  const shape = config.batch_input_shape ?? config.batch_shape ?? build ?? sequential.build_input_shape;
  const dtype = typeof config.dtype === "string" && layer.className !== "Embedding" ? config.dtype : "float32";
  const name = `${layer.name}_input`;
  return {
    className: INPUT_LAYER,
    name,
    config: { ...(shape !== undefined && { batch_input_shape: shape }), dtype, name },
  };
}

function readLayer(json: Json, where: string, depth: number): WrittenLayer {
  const source = object(json, where, "a layer");
  const className = classOf(source, where);
  const name = nameOf(source, `${where}: a ${className} layer`);
  const here = `${where}: model "${name}"`;
  const model = kindOf(className)
    ? readTree({ ...source, class_name: className }, here, depth + 1)
    : distributedModel(className, source, here, depth);
  const config = isArray(source.config) ? {} : object(source.config, `${where}: a ${className} layer`, "config");
  return { layer: { className, name, config, ...(model && { model }) }, source };
}

/** The model that a TimeDistributed layer holds, if it holds one. */
function distributedModel(className: string, { config }: JsonObject, where: string, depth: number) {
  const inner = className === "TimeDistributed" && isObject(config) && isObject(config.layer) ? config.layer : {};
  return typeof inner.class_name === "string" && kindOf(inner.class_name)
    ? timeDistributed(readTree(inner, where, depth + 1))
    : undefined;
}

/** The class's name; with its package where Keras 3 says that it is somebody's own: `my_package>Dense`. */
function classOf({ class_name, registered_name }: JsonObject, where: string): string {
  const name = string(class_name, where, "a layer's class_name");
  return typeof registered_name === "string" && registered_name.includes(">") ? registered_name : name;
}

function nameOf(source: JsonObject, where: string): string {
  const own = isObject(source.config) ? source.config.name : undefined;
  return string(own ?? source.name, where, "name");
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
