import { ResonnxError, throwIfAborted } from "@resonnx/base";
import type { Split } from "@resonnx/core";
import type { NodeModel } from "@resonnx/runtime-node";
import type { Progress } from "../terminal/progress.ts";
import { batchTensor, fixedBatch, rgbPixels } from "./batch.ts";

const BATCH = 32;

export interface Scores {
  /** [count, columns] in rows. */
  readonly values: Float32Array;
  readonly columns: number;
}

/** What a model says about every picture of a split, whose pictures have the model's own size. */
export async function scoresOf(
  model: NodeModel,
  split: Split,
  signal: AbortSignal,
  onProgress: Progress,
): Promise<Scores> {
  const { inputs, outputs, preprocessing } = model.info;
  const [input, output] = [inputs[0], outputs[0]];
  if (!input || !output || !preprocessing)
    throw new ResonnxError("internal", { where: "model", what: "not a classifier" });
  const { width, height } = preprocessing;
  const count = split.names.length;
  const fixed = fixedBatch(input.shape);
  const batch = fixed ?? BATCH;
  const size = width * height * 3;
  const rows: Float32Array[] = [];
  let columns = 0;
  for (let start = 0; start < count; start += batch) {
    throwIfAborted(signal, "evaluate");
    const indices = Array.from({ length: Math.min(batch, count - start) }, (_, i) => start + i);
    const rgb = await split.read(indices);
    const pictures = indices.map((_, i) => rgbPixels(rgb.subarray(i * size, (i + 1) * size), width, height));
    const { [output.name]: scores } = await model.run(
      { [input.name]: batchTensor(pictures, preprocessing, fixed) },
      { signal },
    );
    if (!(scores?.data instanceof Float32Array) || scores.dims.length !== 2) throw notScores(output.name, scores?.dims);
    columns = scores.dims[1]!;
    rows.push(scores.data.subarray(0, indices.length * columns));
    onProgress(start + indices.length, count);
  }
  const values = new Float32Array(count * columns);
  rows.forEach((row, i) => {
    values.set(row, i * batch * columns);
  });
  return { values, columns };
}

function notScores(name: string, dims: readonly number[] | undefined): ResonnxError {
  return new ResonnxError("unsupported", {
    where: `output ${name}`,
    what: "not the scores of classes",
    got: `[${dims?.join(", ") ?? ""}]`,
    wanted: "float32 [batch, classes]",
  });
}
