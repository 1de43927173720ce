import { ResonnxError } from "@resonnx/base";
import { MODEL_NAMES } from "@resonnx/core/settings";
import type { LayersModel } from "@tensorflow/tfjs";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { requiredText } from "../command/option.ts";
import { namedModel, readLayersModel } from "../model/layers-model.ts";
import { exists, isOnnx, modelFile } from "../model/model-file.ts";

const MODEL = "a Keras .h5 or .keras, a .json file of tfjs or Keras, a run folder";

export const plot = command({
  arguments: [{ name: "model", about: `${MODEL}, or a network's name as in train --model` }],
  options: { out: requiredText("file.svg", "the picture"), json },
  examples: ["plot runs/mine --out mine.svg", "plot resnet50-v2 --out resnet50.svg"],
  async run({ args: [path = ""], options, io, at }) {
    const { renderPlot } = await import("@resonnx/core");
    const { writeAtomic } = await import("@resonnx/export");
    const model = await modelOf(path, at(path));
    const value = { output: options.out, layers: model.layers.length };
    await writeAtomic(at(options.out), renderPlot(model));
    model.dispose();
    io.out(result(options.json, value, () => `${options.out}: ${value.layers} layers`));
    return "done";
  },
});

/** What lies at the path; else the network of that name. */
async function modelOf(given: string, path: string): Promise<LayersModel> {
  if (MODEL_NAMES.includes(given) && !(await exists(path))) return namedModel(given);
  const file = await modelFile(path, "any");
  if (!isOnnx(file)) return (await readLayersModel(file)).model;
  const wanted = `a model with layers: ${MODEL}`;
  throw new ResonnxError("unsupported", { where: given, what: "can't be drawn", got: "an .onnx file", wanted });
}
