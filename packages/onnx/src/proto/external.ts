import { ResonnxError } from "@resonnx/base";
import onnxProto from "onnx-proto";
import { parse } from "./parse.ts";
import { MAX_FILE_BYTES } from "./weights.ts";

const { onnx } = onnxProto;
type TensorProto = onnxProto.onnx.ITensorProto;
type GraphProto = onnxProto.onnx.IGraphProto;

const EXTERNAL = onnx.TensorProto.DataLocation.EXTERNAL;

/** Graphs in attributes of nodes in graphs: deeper than any model, and no stack overflows. */
const MAX_DEPTH = 100;

/**
 * The files in which a model keeps weights outside its own (`data_location: EXTERNAL`), as it names them: paths relative to its
 * folder. Throws `bad-input` for bytes that are no ONNX model and for names that lead out of the folder.
 */
export function externalFiles(model: Uint8Array, where = "model.onnx"): string[] {
  const tensors = externalTensors(parse(model, where).graph, where);
  return [...new Set(tensors.map((tensor) => placeOf(tensor, where).location))];
}

/**
 * The same model with the weights of its external files in it. `read` gives a file by the name that `externalFiles` lists.
 * Throws `bad-input` for a file that is too short for a weight, `unsupported` where the whole is more than protobuf's 2 GB.
 */
export async function embedExternal(
  model: Uint8Array,
  read: (location: string) => Promise<Uint8Array>,
  where = "model.onnx",
): Promise<Uint8Array> {
  const proto = parse(model, where);
  const tensors = externalTensors(proto.graph, where);
  if (tensors.length === 0) return model;
  const files = new Map<string, Uint8Array>();
  let total = model.length;
  for (const tensor of tensors) {
    const { location } = placeOf(tensor, where);
    const file = files.get(location) ?? (await read(location));
    files.set(location, file);
    const data = part(tensor, file, where);
    total += data.length;
    if (total > MAX_FILE_BYTES) {
      const hint = "open the file itself with onnxruntime";
      throw new ResonnxError("unsupported", {
        where,
        what: "more than 2 GB of weights",
        got: `${total} bytes or more`,
        hint,
      });
    }
    tensor.rawData = data;
    tensor.externalData = [];
    tensor.dataLocation = onnx.TensorProto.DataLocation.DEFAULT;
  }
  return onnx.ModelProto.encode(proto).finish();
}

/** Every tensor whose data lies elsewhere: weights and attributes, of graphs in graphs too. */
function externalTensors(graph: GraphProto | null | undefined, where: string, depth = 0): TensorProto[] {
  if (!graph) return [];
  if (depth > MAX_DEPTH) throw new ResonnxError("bad-input", { where, what: "graphs in graphs without end" });
  const sparse = (graph.sparseInitializer ?? []).flatMap(({ values, indices }) => [values, indices]);
  const attributes = (graph.node ?? []).flatMap(({ attribute }) => attribute ?? []);
  const own = [
    ...(graph.initializer ?? []),
    ...sparse,
    ...attributes.flatMap(({ t, tensors }) => [t, ...(tensors ?? [])]),
  ];
  return [
    ...own.filter((tensor) => tensor != null).filter((tensor) => tensor.dataLocation === EXTERNAL),
    ...attributes.flatMap(({ g, graphs }) =>
      [g, ...(graphs ?? [])].flatMap((inner) => externalTensors(inner, where, depth + 1)),
    ),
  ];
}

interface Place {
  readonly location: string;
  readonly offset: number;
  /** To the file's end without. */
  readonly length: number | undefined;
}

/** Where a tensor's data lies (onnx.proto3, `external_data`). */
function placeOf({ name, externalData }: TensorProto, model: string): Place {
  const where = `${model}: ${name}`;
  const facts = new Map((externalData ?? []).map(({ key, value }) => [key, value ?? ""]));
  const location = facts.get("location") ?? "";
  if (location === "" || leadsOut(location)) {
    const wanted = "a path below the model's folder";
    throw new ResonnxError("bad-input", { where, what: "external data", got: location || "no location", wanted });
  }
  const number = (key: string): number | undefined => {
    const text = facts.get(key);
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    throw new ResonnxError("bad-input", {
      where,
      what: `the external data's ${key}`,
      got: text,
      wanted: "a whole number",
    });
  };
  return { location, offset: number("offset") ?? 0, length: number("length") };
}

/** Absolute paths of any system, and steps up. */
const leadsOut = (location: string): boolean =>
  /^([/\\]|[a-z]:)/i.test(location) || location.includes("\0") || location.split(/[/\\]/).includes("..");

function part(tensor: TensorProto, file: Uint8Array, where: string): Uint8Array {
  const { location, offset, length = file.length - offset } = placeOf(tensor, where);
  if (length >= 0 && offset + length <= file.length) return file.subarray(offset, offset + length);
  throw new ResonnxError("bad-input", {
    where: `${where}: ${tensor.name}`,
    what: `${location} is too short for the weight`,
    got: `${file.length} bytes`,
    wanted: `${offset + Math.max(length, 0)} at least`,
    hint: "copy the file again, with the model",
  });
}
