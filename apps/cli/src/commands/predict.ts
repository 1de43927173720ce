import { basename, extname, join } from "node:path";
import { ResonnxError } from "@resonnx/base";
import type { Prediction } from "@resonnx/runtime";
import type { NodeModel } from "@resonnx/runtime-node";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { integer, text } from "../command/option.ts";
import { classifierBytes, loadClassifier } from "../model/classifier.ts";
import { progress } from "../terminal/progress.ts";
import { percent, table } from "../terminal/table.ts";

/** What `--json` prints, one a picture. */
interface Classified {
  /** As it was typed. */
  readonly file: string;
  readonly predictions: readonly Prediction[];
}

export const predict = command({
  arguments: [
    { name: "model", about: "an .onnx file, a Keras .h5, a tfjs model.json or a run folder" },
    { name: "image", about: "JPEG, PNG or WebP files", many: true },
  ],
  options: {
    topK: integer(5, "how many labels, best first"),
    explain: text("folder", "also write each picture under a heat map of where the model found its best label"),
    json,
  },
  examples: ["predict runs/mine photo.jpg --explain maps", "predict model.onnx *.png --top-k 1 --json"],
  async run({ args: [path = "", ...images], options, io, signal, at }) {
    const { explain } = options;
    if (explain !== undefined) checkNames(images);
    const bytes = await classifierBytes(at(path), io, signal);
    const model = await loadClassifier(bytes, io, signal);
    try {
      const onProgress = progress(io, "pictures");
      const classified: Classified[] = [];
      for (const file of images) {
        const predictions = await model.classify(at(file), { topK: options.topK, signal });
        classified.push({ file, predictions });
        if (explain !== undefined)
          await writeMap(bytes, at(file), classOf(predictions[0]!, model), join(at(explain), mapName(file)));
        onProgress(classified.length, images.length);
      }
      io.out(result(options.json, classified, () => predictionTable(classified)));
      return "done";
    } finally {
      await model.dispose();
    }
  },
});

const mapName = (file: string): string => `${basename(file, extname(file))}.png`;

/** Throws `bad-input` when two pictures' maps would be one file. */
function checkNames(images: readonly string[]): void {
  const names = images.map(mapName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  const hint = "explain them into folders of their own";
  throw new ResonnxError("bad-input", { where: "--explain", what: "two pictures would be one file", got: twice, hint });
}

/** Without labels a model's classes are called by their numbers. */
const classOf = ({ label }: Prediction, { info }: NodeModel): number => info.labels?.indexOf(label) ?? Number(label);

async function writeMap(model: Uint8Array, file: string, wanted: number, to: string): Promise<void> {
  const [{ explainPicture }, { toPixels }, { writeAtomic }] = await Promise.all([
    import("@resonnx/core"),
    import("@resonnx/runtime-node"),
    import("@resonnx/export"),
  ]);
  await writeAtomic(to, await explainPicture(model, await toPixels(file), wanted));
}

/** A row a label; a picture's name beside its first one. */
export function predictionTable(classified: readonly Classified[]): string {
  const rows = classified.flatMap(({ file, predictions }) =>
    predictions.map(({ label, score }, i) => [i === 0 ? file : "", label, percent(score)]),
  );
  return table(["Picture", "Label", "Score"], rows);
}
