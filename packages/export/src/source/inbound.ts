import { ResonnxError } from "@resonnx/base";
import { brief, isArray, isObject, type Json, type JsonObject } from "../config/json.ts";
import type { TensorRef } from "./layer-graph.ts";
import type { Call } from "./model-tree.ts";

/** Deeper than any argument structure that Keras writes. */
const MAX_DEPTH = 16;

/** Stands where a layer's name would, when Keras 2 called a layer with numbers. */
const CONSTANT = "_CONSTANT_VALUE";

/** Arguments that Keras 2 and tfjs put behind the inputs as well; Keras 3 only names them. */
const INPUTS_TOO = ["initial_state", "constants"];

/** One call of a layer: `[["conv1",0,0,{}], ...]` (Keras 1, 2 and tfjs) or `{args, kwargs}` (Keras 3). */
export function callOf(node: Json, where: string): Call {
  return isObject(node) && isArray(node.args) ? keras3Call(node.args, node.kwargs, where) : keras2Call(node, where);
}

/** References in a list, in an object by the order of its sorted keys, or a single one; at least one. */
export function tensorRefs(json: Json | undefined, where: string): TensorRef[] {
  const refs = refList(json).map((entry) => tensorRef(entry, where));
  if (refs.length === 0)
    throw new ResonnxError("bad-input", {
      where,
      what: "no tensors",
      got: brief(json),
      wanted: "[layer, node, tensor]",
    });
  return refs;
}

function keras3Call(args: readonly Json[], kwargs: Json | undefined, where: string): Call {
  const given = isObject(kwargs) ? kwargs : {};
  const named = new Map(
    Object.entries(given).map(([name, value]): [string, TensorRef[]] => [name, kerasTensors(value, where, 0)]),
  );
  const inputs = kerasTensors(args, where, 0);
  // Everything may be named: layer(inputs=x), layer(query=q, value=v).
  for (const name of inputs.length === 0 ? ["inputs", "query"] : []) {
    inputs.push(...(named.get(name) ?? []));
    named.delete(name);
  }
  if (inputs.length === 0) throw noTensors(where, args);
  if (args.some(isNumber)) throw constant(where, args);
  return call(inputs, named, given);
}

function keras2Call(node: Json, where: string): Call {
  const entries = refList(node);
  if (entries.some((entry) => isArray(entry) && entry[0] === CONSTANT)) throw constant(where, node);
  const inputs = tensorRefs(node, where);
  const kwargs = entries.map((entry) => (isArray(entry) ? entry[3] : undefined)).find(isObject) ?? {};
  const named = Object.entries(kwargs).map(([name, value]): [string, TensorRef[]] => [name, refsIn(value)]);
  return call(inputs, new Map(named), kwargs);
}

function call(inputs: TensorRef[], named: Map<string, TensorRef[]>, kwargs: JsonObject): Call {
  for (const name of INPUTS_TOO) {
    const behind = named.get(name) ?? [];
    named.delete(name);
    if (!behind.every((ref) => inputs.some((input) => same(input, ref)))) inputs.push(...behind);
  }
  for (const [name, refs] of named) if (refs.length === 0) named.delete(name);
  const { training } = kwargs;
  return { inputs, named, ...(typeof training === "boolean" && { training }) };
}

const same = (a: TensorRef, b: TensorRef): boolean => a.layer === b.layer && a.node === b.node && a.tensor === b.tensor;

const isRef = (json: Json | undefined): json is readonly Json[] => isArray(json) && typeof json[0] === "string";

function refList(json: Json | undefined): readonly Json[] {
  if (isRef(json)) return [json];
  if (isArray(json)) return json;
  // Keras flattens an object of tensors in the order of its sorted keys.
  return isObject(json)
    ? Object.keys(json)
        .sort()
        .flatMap((key) => refList(json[key]))
    : [];
}

function tensorRef(json: Json, where: string): TensorRef {
  const [layer, node, tensor] = isArray(json) ? json : [];
  if (typeof layer !== "string" || !isIndex(node) || !isIndex(tensor))
    throw new ResonnxError("bad-input", {
      where,
      what: "a reference to a tensor",
      got: brief(json),
      wanted: "[layer, node, tensor]",
    });
  return { layer, node, tensor };
}

const isNumber = (json: Json): boolean => typeof json === "number";
const isIndex = (json: Json | undefined): json is number =>
  typeof json === "number" && Number.isSafeInteger(json) && json >= 0;

/** References in a Keras 2 argument: `["lstm", 0, 1]` or a list of such; anything else holds none. */
function refsIn(json: Json): TensorRef[] {
  const entries = isRef(json) ? [json] : isArray(json) ? json : [];
  return entries.flatMap((entry) => {
    const [layer, node, tensor] = isArray(entry) ? entry : [];
    return typeof layer === "string" && isIndex(node) && isIndex(tensor) ? [{ layer, node, tensor }] : [];
  });
}

function kerasTensors(json: Json | undefined, where: string, depth: number): TensorRef[] {
  if (depth > MAX_DEPTH) throw new ResonnxError("bad-input", { where, what: "arguments are nested too deeply" });
  if (isArray(json)) return json.flatMap((entry) => kerasTensors(entry, where, depth + 1));
  if (!isObject(json)) return [];
  if (json.class_name === "__keras_tensor__" && isObject(json.config))
    return [tensorRef(json.config.keras_history ?? null, where)];
  if (json.class_name !== undefined) return []; // a number or type that Keras wrapped
  return Object.keys(json)
    .sort()
    .flatMap((key) => kerasTensors(json[key], where, depth + 1));
}

const noTensors = (where: string, got: Json): ResonnxError =>
  new ResonnxError("bad-input", { where, what: "a call without tensors", got: brief(got) });

const constant = (where: string, got: Json): ResonnxError =>
  new ResonnxError("unsupported", {
    where,
    what: "a number among the call's inputs",
    got: brief(got),
    wanted: "tensors only",
  });
