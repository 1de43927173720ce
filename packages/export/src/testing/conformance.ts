import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";

const FOLDER = new URL("../../../../../shared/data/conformance/", import.meta.url).pathname;

/** Whether the cases, which do not ship with the repository, lie beside it. */
export const hasConformance = existsSync(join(FOLDER, "index.json"));

export interface Case {
  readonly name: string;
  readonly layers: readonly string[];
  /** What the cases are counted by: variants of one test form a group. */
  readonly group: string;
}

interface Entry extends Case {
  readonly kind: "layers" | "graph";
  readonly check_value: boolean;
  readonly has_strings: boolean;
}

/** The layers models with expected values. */
export function layerCases(): Case[] {
  if (!hasConformance) return [];
  const { cases } = JSON.parse(readFileSync(join(FOLDER, "index.json"), "utf8")) as { cases: Entry[] };
  return cases.filter((entry) => entry.kind === "layers" && entry.check_value && !entry.has_strings);
}

export const modelPath = ({ name }: Case): string => join(FOLDER, "layers", name, "model.json");

interface Described {
  readonly dtype: string;
  readonly shape: number[];
  readonly offset: number;
  readonly bytes: number;
}

interface Expected {
  readonly inputs: readonly tf.Tensor[];
  /** Keras' outputs, by position. */
  readonly outputs: readonly tf.Tensor[];
  /** What tfjs gives instead, where it differs. */
  readonly tfjs: readonly tf.Tensor[] | undefined;
}

export function expectedOf({ name }: Case): Expected {
  const folder = join(FOLDER, "layers", name);
  const differs = existsSync(join(folder, "tfjs_out.json"));
  return { ...readTensors(folder, "io"), tfjs: differs ? readTensors(folder, "tfjs_out").outputs : undefined };
}

function readTensors(folder: string, file: string): { inputs: tf.Tensor[]; outputs: tf.Tensor[] } {
  type Listed = { readonly [K in "inputs" | "outputs"]?: readonly Described[] };
  const io = JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8")) as Listed;
  const data = readFileSync(join(folder, `${file}.bin`));
  const read = ({ dtype, shape, offset, bytes }: Described): tf.Tensor => {
    const raw = data.buffer.slice(data.byteOffset + offset, data.byteOffset + offset + bytes);
    if (dtype === "float32") return tf.tensor(new Float32Array(raw), shape, "float32");
    if (dtype === "int32") return tf.tensor(new Int32Array(raw), shape, "int32");
    return tf.tensor(new Uint8Array(raw), shape, "bool");
  };
  return { inputs: (io.inputs ?? []).map(read), outputs: (io.outputs ?? []).map(read) };
}
