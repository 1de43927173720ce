import { ResonnxError } from "@resonnx/base";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { requiredText } from "../command/option.ts";
import { readLayersModel } from "../model/layers-model.ts";
import { isOnnx, modelFile } from "../model/model-file.ts";

export const plot = command({
  arguments: [{ name: "model", about: "a Keras .h5, a tfjs model.json or a run folder" }],
  options: { out: requiredText("file.svg", "the picture"), json },
  examples: ["plot runs/mine --out resnet50.svg"],
  async run({ args: [path = ""], options, io, at }) {
    const file = await modelFile(at(path), "any");
    if (isOnnx(file)) {
      const wanted = "a model with layers: a Keras .h5, a tfjs model.json or a run folder";
      throw new ResonnxError("unsupported", { where: path, what: "can't be drawn", got: "an .onnx file", wanted });
    }
    const { renderPlot } = await import("@resonnx/core");
    const { writeAtomic } = await import("@resonnx/export");
    const { model } = await readLayersModel(file);
    const value = { output: options.out, layers: model.layers.length };
    await writeAtomic(at(options.out), renderPlot(model));
    model.dispose();
    io.out(result(options.json, value, () => `${options.out}: ${value.layers} layers`));
    return "done";
  },
});
