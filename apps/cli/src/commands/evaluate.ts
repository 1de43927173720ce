import { ResonnxError } from "@resonnx/base";
import type { Dataset, Split } from "@resonnx/core";
import { command } from "../command/command.ts";
import { group } from "../command/group.ts";
import { json, result } from "../command/json.ts";
import { choice, requiredText } from "../command/option.ts";
import { openClassifier } from "../model/classifier.ts";
import { dataPath } from "../model/data-path.ts";
import { judge } from "../model/judge.ts";
import { metadataOf } from "../model/model-file.ts";
import { scoresOf } from "../model/probabilities.ts";
import { evaluationText } from "../terminal/evaluation-text.ts";
import { progress } from "../terminal/progress.ts";

const SPLITS = ["train", "val", "test"] as const;

export const evaluate = command({
  arguments: [{ name: "model", about: "an .onnx file, a Keras .h5, a tfjs model.json or a run folder" }],
  options: {
    data: requiredText("folder", "labelled pictures: a folder, a .zip or .tar, an .h5 or .npz file, or hand-signs"),
    group,
    split: choice("test", SPLITS, "which pictures"),
    json,
  },
  examples: ["evaluate runs/mine --data pictures", "evaluate model.onnx --data hand-signs --split val --json"],
  async run({ args: [path = ""], options, io, signal, at }) {
    const { openDataset } = await import("@resonnx/core");
    const model = await openClassifier(at(path), io, signal);
    try {
      const { width = 64, height = 64 } = model.info.preprocessing ?? {};
      const onProgress = progress(io, "reading pictures");
      const groups = options.group ?? (await metadataOf(at(path))).training?.group;
      const dataset = await openDataset(dataPath(options.data, at), {
        ...{ width, height, signal, onProgress },
        ...(groups !== undefined && { group: `${groups}` }),
      });
      for (const note of dataset.notes) io.err(note);
      const split = splitOf(dataset, options.split);
      const scores = await scoresOf(model, split, signal, progress(io, "pictures"));
      const evaluation = await judge(scores, model.info.labels, dataset, split);
      io.out(result(options.json, evaluation, () => evaluationText(evaluation)));
      return "done";
    } finally {
      await model.dispose();
    }
  },
});

function splitOf({ name, splits }: Dataset, wanted: (typeof SPLITS)[number]): Split {
  const split = splits[wanted];
  if (split && split.names.length > 0) return split;
  const there = SPLITS.filter((other) => (splits[other]?.names.length ?? 0) > 0).join(", ");
  throw new ResonnxError("bad-input", {
    where: "--split",
    what: `${name} has no such pictures`,
    got: wanted,
    wanted: there,
  });
}
