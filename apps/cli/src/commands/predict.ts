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

/** What `--json` prints, one a picture; `file` as it was typed. */
interface Classified {
  readonly file: string;
  readonly predictions: readonly Prediction[];
}

interface Refused {
  readonly file: string;
  readonly error: string;
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
      const found: (Classified | Refused)[] = [];
      for (const file of images) {
        const each = await model
          .classify(at(file), { topK: options.topK, signal })
          .then((predictions): Classified => ({ file, predictions }))
          .catch((error: unknown) => refused(file, error, images));
        found.push(each);
        if (explain !== undefined && isClassified(each))
          await writeMap(bytes, at(file), classOf(each.predictions[0]!, model), join(at(explain), mapName(file)));
        onProgress(found.length, images.length);
      }
      const bad = found.filter((each): each is Refused => !isClassified(each));
      io.out(result(options.json, found, () => predictionTable(found.filter(isClassified))));
      for (const { error } of bad) io.err(`error: ${error}`);
      return bad.length === 0 ? "done" : "failed";
    } finally {
      await model.dispose();
    }
  },
});

const isClassified = (each: Classified | Refused): each is Classified => "predictions" in each;

/** A picture at fault among others doesn't keep them from their labels; alone, or any other error, it ends the command. */
function refused(file: string, error: unknown, images: readonly string[]): Refused {
  if (images.length > 1 && error instanceof ResonnxError && ["bad-input", "not-found"].includes(error.code))
    return { file, error: error.message };
  throw error;
}

const mapName = (file: string): string => `${basename(file, extname(file))}.png`;

/** Throws `bad-input` when two pictures' maps would be one file. */
function checkNames(images: readonly string[]): void {
  const names = images.map(mapName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  const hint = "explain them into folders of their own";
  throw new ResonnxError("bad-input", { where: "--explain", what: "two pictures would be one file", got: twice, hint });
}

/** The output's column for a label: without labels classes are called by their numbers, and a sigmoid has one column for both. */
function classOf({ label }: Prediction, { info }: NodeModel): number {
  return info.outputs[0]?.shape.at(-1) === 1 ? 0 : (info.labels?.indexOf(label) ?? Number(label));
}

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
