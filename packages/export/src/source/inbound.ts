import { ResonnxError } from "@resonnx/base";
import { brief, isArray, isObject, type Json } from "../config/json.ts";
import type { TensorRef } from "./layer-graph.ts";

/** Deeper than any argument structure that Keras writes. */
const MAX_DEPTH = 16;

/** The tensors that one call of a layer reads: `[["conv1",0,0,{}], ...]` (Keras 1, 2 and tfjs) or `{args, kwargs}` (Keras 3). */
export function callInputs(node: Json, where: string): TensorRef[] {
  if (isObject(node)) return kerasTensors(node.args ?? [], where, 0);
  const tensors = tensorRefs(node, where);
  const extra = refList(node).find((entry) => isArray(entry) && isObject(entry[3]) && Object.keys(entry[3]).length > 0);
  if (extra && hasTensors(extra))
    throw new ResonnxError("unsupported", {
      where,
      what: "tensors among the call's named arguments",
      got: brief(extra),
    });
  return tensors;
}

/** A list of `[layer, node, tensor]`, or one of them without the list around it. */
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

const refList = (json: Json | undefined): readonly Json[] =>
  isArray(json) ? (typeof json[0] === "string" ? [json] : json) : [];

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

const isIndex = (json: Json | undefined): json is number =>
  typeof json === "number" && Number.isSafeInteger(json) && json >= 0;

/** Whether a call's `{name: value}` arguments hold references such as `["lstm", 0, 1]`. */
const hasTensors = (entry: Json): boolean =>
  isArray(entry) &&
  isObject(entry[3]) &&
  Object.values(entry[3]).some((value) => isArray(value) && typeof value[0] === "string" && isIndex(value[1]));

function kerasTensors(json: Json, where: string, depth: number): TensorRef[] {
  if (depth > MAX_DEPTH) throw new ResonnxError("bad-input", { where, what: "arguments are nested too deeply" });
  if (isArray(json)) return json.flatMap((entry) => kerasTensors(entry, where, depth + 1));
  if (!isObject(json) || json.class_name !== "__keras_tensor__" || !isObject(json.config)) return [];
  return [tensorRef(json.config.keras_history ?? null, where)];
}
