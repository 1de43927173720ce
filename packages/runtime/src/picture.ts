import { CHANNELS, type Pixels, ResonnxError, toTensor } from "@resonnx/base";
import { Tensor } from "onnxruntime-common";
import type { ClassifyOptions, ModelInfo, Prediction, Tensors } from "./model.ts";
import { topK } from "./top-k.ts";

/** The inputs for one picture: a batch of 1, prepared as the file's metadata says. Throws `unsupported` when it can't be. */
export function pictureInputs(info: ModelInfo, pixels: Pixels): Tensors {
  const { preprocessing } = info;
  if (preprocessing === undefined) {
    throw unclassifiable(
      "it doesn't say how pictures are prepared (no resonnx.preprocessing)",
      "add it with writeMetadata",
    );
  }
  const [input, ...others] = info.inputs;
  if (input === undefined || others.length > 0) throw unclassifiable(`it has ${info.inputs.length} inputs, not 1`);
  if (input.type !== "float32") throw unclassifiable(`its input is ${input.type}, not float32`);
  const { width, height, channelOrder, layout } = preprocessing;
  const channels = CHANNELS[channelOrder];
  const dims = layout === "nhwc" ? [1, height, width, channels] : [1, channels, height, width];
  return { [input.name]: new Tensor("float32", toTensor(pixels, preprocessing), dims) };
}

/**
 * The best labels from the first output, whose last axis is the classes; one score alone is a sigmoid's, which is that of
 * the second of two classes, unless the file has one label. Throws `unsupported` when it isn't that.
 */
export function predictions(info: ModelInfo, outputs: Tensors, { topK: k = 5 }: ClassifyOptions = {}): Prediction[] {
  const name = info.outputs[0]?.name ?? "";
  const scores = outputs[name];
  if (!(scores?.data instanceof Float32Array)) throw unclassifiable(`its output ${name} is not float32`);
  const classes = scores.dims.at(-1) ?? 0;
  if (classes !== scores.size)
    throw unclassifiable(`its output ${name} is [${scores.dims.join(", ")}], not [1, classes]`);
  const found = probabilities(scores.data, name);
  const one = classes === 1 && info.labels?.length !== 1;
  return topK(one ? [1 - found[0]!, found[0]!] : found, info.labels, k);
}

/**
 * The scores themselves when they are probabilities already; scores beyond [0, 1] are logits and go through softmax,
 * which for one score and the zero that it is measured against is the sigmoid.
 */
function probabilities(scores: Float32Array, output: string): ArrayLike<number> {
  if (!scores.every(Number.isFinite)) {
    throw new ResonnxError("failed", { where: `output ${output}`, what: "the model's scores are not finite numbers" });
  }
  const rounding = 1e-4; // a softmax in float16 may sum past 1
  if (scores.every((score) => score >= -rounding && score <= 1 + rounding)) {
    return scores.map((score) => Math.min(1, Math.max(0, score)));
  }
  if (scores.length === 1) return [1 / (1 + Math.exp(-scores[0]!))];
  const largest = scores.reduce((a, b) => Math.max(a, b));
  const powers = Array.from(scores, (score) => Math.exp(score - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

function unclassifiable(what: string, hint = "use run() with your own tensors"): ResonnxError {
  return new ResonnxError("unsupported", {
    where: "classify",
    what: `the model can't classify pictures: ${what}`,
    hint,
  });
}
