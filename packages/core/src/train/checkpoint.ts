import { ResonnxError, reasonOf } from "@resonnx/base";
import { decodeSafetensors } from "../checkpoint/decode-safetensors.ts";
import type { SavedTensor } from "../checkpoint/dtypes.ts";
import { safetensorsPieces } from "../checkpoint/encode-safetensors.ts";
import type { StateArray, TrainingState } from "../engines/engine.ts";
import { NO_SUMS, type Position, START } from "./position.ts";

/** One file of a run's `checkpoints/`. */
export interface Checkpoint {
  readonly state: TrainingState;
  readonly position: Position;
}

const FORMAT = "resonnx-training-1";

/** The pieces of a checkpoint's .safetensors file, the state's own arrays among them; position and step count travel in its metadata. */
export function checkpointPieces({ state, position }: Checkpoint): Uint8Array[] {
  const tensors = Object.entries(state.arrays).map(([name, { dims, data }]): [string, SavedTensor] => [
    name,
    { dtype: "F32", shape: dims, data },
  ]);
  return safetensorsPieces(Object.fromEntries(tensors), {
    format: FORMAT,
    step: `${state.step}`,
    position: JSON.stringify(position),
  });
}

/** Throws `bad-input` for bytes that are no checkpoint; `where` names the file. */
export function decodeCheckpoint(bytes: Uint8Array, where: string): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, where);
  const step = Number(metadata.step);
  if (metadata.format !== FORMAT || !Number.isSafeInteger(step) || step < 0)
    throw refuse(where, "is no checkpoint of a training", metadata.format ?? "no format");
  const arrays: Record<string, StateArray> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== "F32") throw refuse(`${where}: ${name}`, "another element type", tensor.dtype);
    arrays[name] = { dims: tensor.shape, data: tensor.data };
  }
  return { state: { step, arrays }, position: readPosition(metadata.position ?? "", where) };
}

function readPosition(json: string, where: string): Position {
  try {
    const saved: Position = { ...START, ...JSON.parse(json) };
    const position = { ...saved, sums: { ...NO_SUMS, ...saved.sums } }; // older ones lack what was added since
    const { epoch, step, history } = position;
    if (![epoch, step].every((count) => Number.isSafeInteger(count) && count >= 0) || history.length !== epoch)
      throw refuse(where, "an impossible position", json.slice(0, 80));
    return position;
  } catch (error) {
    if (error instanceof ResonnxError) throw error;
    throw refuse(where, `an unreadable position: ${reasonOf(error)}`, json.slice(0, 80));
  }
}

const refuse = (where: string, what: string, got: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what, got, wanted: FORMAT });
