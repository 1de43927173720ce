import { ResonnxError } from "@resonnx/base";
import { brief, isArray, isObject, type Json } from "../config/json.ts";
import type { TensorRef } from "./layer-graph.ts";
import type { Call } from "./model-tree.ts";

/** Stands where a layer's name would, when Keras 2 called a layer with numbers. */
export const CONSTANT = "_CONSTANT_VALUE";

/** Tensors that stand behind the inputs as well, where they are named at all. */
const INPUTS_TOO = new Set(["initial_state", "constants"]);

/** One call of a layer as Keras 2 and tfjs write it: `[["conv1", 0, 0, {}], ...]`; Keras 3's has been translated (`fromKeras`). */
export function callOf(node: Json, where: string): Call {
  const entries = refList(node);
  if (entries.some((entry) => isArray(entry) && entry[0] === CONSTANT))
    throw new ResonnxError("unsupported", {
      where,
      what: "a number among the call's inputs",
      got: brief(node),
      wanted: "tensors only",
    });
  const inputs = tensorRefs(node, where);
  const kwargs = entries.map((entry) => (isArray(entry) ? entry[3] : undefined)).find(isObject) ?? {};
  const { training } = kwargs;
  const named = Object.entries(kwargs).map(([name, value]) => ({ name, refs: refsIn(value) }));
  const behind = named.filter(({ name }) => INPUTS_TOO.has(name)).flatMap(({ refs }) => refs);
  const others = named.filter(({ name, refs }) => !INPUTS_TOO.has(name) && refs.length > 0);
  return {
    inputs: [...inputs, ...(behind.every((ref) => inputs.some((input) => same(input, ref))) ? [] : behind)],
    named: new Map(others.map(({ name, refs }) => [name, refs])),
    flags: new Set(Object.keys(kwargs).filter((name) => kwargs[name] === true)),
    ...(typeof training === "boolean" && { training }),
  };
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

const same = (a: TensorRef, b: TensorRef): boolean => a.layer === b.layer && a.node === b.node && a.tensor === b.tensor;

const isRef = (json: Json | undefined): json is readonly Json[] => isArray(json) && typeof json[0] === "string";

/** The entries of a call or of a list of tensors, each `[layer, node, tensor, arguments]`. */
export function refList(json: Json | undefined): readonly Json[] {
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
  const ref = asTensorRef(json);
  if (ref) return ref;
  throw new ResonnxError("bad-input", {
    where,
    what: "a reference to a tensor",
    got: brief(json),
    wanted: "[layer, node, tensor]",
  });
}

/** `[layer, node, tensor]` as a reference; undefined for anything else. */
export function asTensorRef(json: Json): TensorRef | undefined {
  const [layer, node, tensor] = isArray(json) ? json : [];
  return typeof layer === "string" && isIndex(node) && isIndex(tensor) ? { layer, node, tensor } : undefined;
}

const isIndex = (json: Json | undefined): json is number =>
  typeof json === "number" && Number.isSafeInteger(json) && json >= 0;

/** References in a Keras 2 argument: `["lstm", 0, 1]` or a list of such; anything else holds none. */
const refsIn = (json: Json): TensorRef[] =>
  (isRef(json) ? [json] : isArray(json) ? json : []).flatMap((entry) => asTensorRef(entry) ?? []);
