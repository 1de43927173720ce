import { type ModelMetadata, type Preprocessing, ResonnxError, readMetadata, writeMetadata } from "@resonnx/base";
import type { DescribedValue } from "@resonnx/onnx";
import type { NodeModel } from "@resonnx/runtime-node";
import type { Io } from "../terminal/io.ts";
import { onnxBytes } from "./onnx-bytes.ts";

/** Any model that takes pictures, as a file; one that doesn't say how they are prepared gets x/255, and `io` hears of it. */
export const classifierBytes = async (path: string, io: Io, signal: AbortSignal): Promise<Uint8Array> =>
  selfDescribed(await onnxBytes(path, signal), path, io);

/** Loads `classifierBytes`. */
export const openClassifier = async (path: string, io: Io, signal: AbortSignal): Promise<NodeModel> =>
  loadClassifier(await classifierBytes(path, io, signal), io, signal);

/** The model in the bytes of a classifier; `io` hears where it runs. */
export async function loadClassifier(bytes: Uint8Array, io: Io, signal: AbortSignal): Promise<NodeModel> {
  const { loadModel } = await import("@resonnx/runtime-node");
  const model = await loadModel(bytes, { signal });
  const { provider, skipped } = model.info;
  io.err(`running on ${provider}${skipped.map((other) => `; not ${other.provider}: ${other.reason}`).join("")}`);
  return model;
}

/** The file with `resonnx.preprocessing`, its own or the usual one for its input. */
export async function selfDescribed(bytes: Uint8Array, where: string, io: Io): Promise<Uint8Array> {
  const metadata: ModelMetadata = named(where, () => readMetadata(bytes));
  if (metadata.preprocessing) return bytes;
  const { describe } = await import("@resonnx/onnx");
  const preprocessing = usualPreprocessing(describe(bytes, where).inputs, where);
  const { width, height, channelOrder, layout } = preprocessing;
  io.err(`${where} doesn't say how pictures are prepared: ${width} x ${height}, ${channelOrder}, ${layout}, x/255`);
  return writeMetadata(bytes, { ...metadata, preprocessing });
}

/** x/255 at the size of the model's one input. Throws `unsupported` when that isn't a picture's. */
function usualPreprocessing(inputs: readonly DescribedValue[], where: string): Preprocessing {
  const [input] = inputs;
  const shape = input?.shape ?? [];
  const layout = isChannels(shape[3]) ? "nhwc" : "nchw";
  const [height, width, channels] = layout === "nhwc" ? shape.slice(1) : [shape[2], shape[3], shape[1]];
  if (inputs.length === 1 && shape.length === 4 && isChannels(channels) && isSize(height) && isSize(width)) {
    const [mean, std] = [new Array<number>(channels).fill(0), new Array<number>(channels).fill(1)];
    return { width, height, channelOrder: channels === 1 ? "gray" : "rgb", scale: 1 / 255, mean, std, layout };
  }
  throw new ResonnxError("unsupported", {
    where,
    what: "doesn't take pictures of a known size",
    got: inputs.map(({ name, type, shape: dims }) => `${name}: ${type}[${dims.join(",")}]`).join("; "),
    wanted: "one input [batch, height, width, 1 or 3], or resonnx.preprocessing in the file",
  });
}

const isChannels = (size: unknown): size is 1 | 3 => size === 1 || size === 3;
const isSize = (size: unknown): size is number => typeof size === "number";

/** The result, or the error with the file's name in front. */
function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ResonnxError)) throw error;
    throw new ResonnxError(error.code, { ...error.facts, where: file });
  }
}
