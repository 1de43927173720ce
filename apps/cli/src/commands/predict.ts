import type { Prediction } from "@resonnx/runtime";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { integer } from "../command/option.ts";
import { openClassifier } from "../model/classifier.ts";
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
  options: { topK: integer(5, "how many labels, best first"), json },
  examples: ["predict runs/mine photo.jpg", "predict model.onnx *.png --top-k 1 --json"],
  async run({ args: [path = "", ...images], options, io, signal, at }) {
    const model = await openClassifier(at(path), io, signal);
    try {
      const onProgress = progress(io, "pictures");
      const classified: Classified[] = [];
      for (const file of images) {
        classified.push({ file, predictions: await model.classify(at(file), { topK: options.topK, signal }) });
        onProgress(classified.length, images.length);
      }
      io.out(result(options.json, classified, () => predictionTable(classified)));
      return "done";
    } finally {
      await model.dispose();
    }
  },
});

/** A row a label; a picture's name beside its first one. */
export function predictionTable(classified: readonly Classified[]): string {
  const rows = classified.flatMap(({ file, predictions }) =>
    predictions.map(({ label, score }, i) => [i === 0 ? file : "", label, percent(score)]),
  );
  return table(["Picture", "Label", "Score"], rows);
}
