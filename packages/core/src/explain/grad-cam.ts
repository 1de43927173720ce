import { ResonnxError, readMetadata, throwIfAborted } from "@resonnx/base";
import { decode, encode, type Graph } from "@resonnx/onnx";
import type { Device } from "../engines/engine.ts";
import { lowerings } from "../engines/onnx/lowerings.ts";
import type { StepperPort } from "../engines/onnx/session.ts";
import { CAM, camGraph } from "./cam-graph.ts";

/** Pictures in one run, where the model takes any number: what backpropagation keeps of each adds up. */
const BATCH = 8;

/** What is to be explained. */
export interface GradCamRequest {
  /** The model's input, as it is prepared for it: [count, height, width, channels], or channels first where `layout` says so. */
  readonly pictures: Float32Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** For each picture the class that is asked for. */
  readonly classes: readonly number[];
  readonly layout?: "nhwc" | "nchw" | undefined;
  /** How many places the features must have at least, where the network has such; by default 2, the network's last. */
  readonly leastPlaces?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where a classifier has looked. */
export interface HeatMaps {
  /** [count, height, width], 1 where a picture speaks most for its class, 0 where it doesn't. All 0 where nothing does. */
  readonly maps: Float32Array;
  readonly width: number;
  readonly height: number;
  /** The value of the model that was looked at: the last one before its pictures of features are pooled or flattened. */
  readonly layer: string;
  /** How many places the network itself tells apart; between them the maps are interpolated. */
  readonly places: readonly [height: number, width: number];
}

/**
 * Grad-CAM heat maps of an `.onnx` file's classes, on a stepper: a gradient graph on onnxruntime, as training steps are.
 * Throws `bad-input` for sizes and classes that don't fit, `unsupported` for a model without convolutions or of another
 * precision than float32.
 */
export async function gradCamOn(
  port: StepperPort,
  device: Device,
  bytes: Uint8Array,
  request: GradCamRequest,
): Promise<HeatMaps> {
  const { pictures, width, height, classes, leastPlaces = 2, signal } = request;
  const model = decode(bytes);
  const channels = pictures.length / (classes.length * width * height);
  checkPictures(request, channels);
  const layout = request.layout ?? readMetadata(bytes).preprocessing?.layout ?? "nhwc";
  const batch = batchOf(model);
  const input = [batch, ...(layout === "nhwc" ? [height, width, channels] : [channels, height, width])];
  checkInput(model, input);
  const cam = camGraph(model, { input, width, height, leastPlaces }, lowerings[device].rules);
  const strange = classes.find((wanted) => !(Number.isInteger(wanted) && wanted >= 0 && wanted < cam.classes));
  if (strange !== undefined) throw bad("no such class", `${strange}`, `0 to ${cam.classes - 1}`);
  await port.ask({ do: "load", program: CAM.map, bytes: encode(cam.graph), state: [] });
  const maps = new Float32Array(classes.length * width * height);
  for (let start = 0; start < classes.length; start += batch) {
    throwIfAborted(signal, "heat maps");
    const some = classes.slice(start, start + batch);
    const size = width * height * channels;
    const data = new Float32Array(batch * size);
    data.set(pictures.subarray(start * size, (start + some.length) * size));
    const oneHot = new Float32Array(batch * cam.classes);
    for (const [row, wanted] of some.entries()) oneHot[row * cam.classes + wanted] = 1;
    const inputs = {
      [model.inputs[0]!.name!]: { dims: input, data },
      [CAM.classes]: { dims: [batch, cam.classes], data: oneHot },
    };
    const result = await port.ask({ do: "run", program: CAM.map, inputs, outputs: [CAM.map] });
    maps.set(result[CAM.map]!.data.subarray(0, some.length * width * height), start * width * height);
  }
  for (let i = 0; i < classes.length; i++) normalize(maps.subarray(i * width * height, (i + 1) * width * height));
  return { maps, width, height, layer: cam.layer, places: cam.places };
}

/** Divides by the largest value; a map of zeros stays one. */
function normalize(map: Float32Array): void {
  const most = map.reduce((a, b) => Math.max(a, b), 0);
  if (most > 0) for (let i = 0; i < map.length; i++) map[i]! /= most;
}

function batchOf({ inputs }: Graph): number {
  const [batch] = inputs[0]?.shape ?? [];
  return typeof batch === "number" ? batch : BATCH;
}

function checkPictures({ pictures, width, height, classes }: GradCamRequest, channels: number): void {
  if (classes.length > 0 && Number.isInteger(channels) && channels > 0) return;
  const wanted = `${classes.length} x ${height} x ${width} x channels, at least one`;
  throw bad("pictures don't fit their classes and size", `${pictures.length} values`, wanted);
}

function checkInput({ name, inputs }: Graph, wanted: readonly number[]): void {
  const type = inputs[0]?.type;
  const fits = type?.shape.length === 4 && type.shape.every((dim, i) => typeof dim === "string" || dim === wanted[i]);
  if (type?.dtype !== "float32")
    throw new ResonnxError("unsupported", {
      where: name,
      what: "can't be explained",
      got: `${type?.dtype} inputs`,
      wanted: "a float32 model",
    });
  if (!fits) throw bad("pictures don't fit the model", `[${wanted}]`, `[${type.shape}]`);
}

const bad = (what: string, got: string, wanted: string): ResonnxError =>
  new ResonnxError("bad-input", { where: "heat maps", what, got, wanted });
