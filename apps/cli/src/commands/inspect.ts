import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { describeLayers } from "../model/describe-layers.ts";
import { isOnnx, modelFile, readOnnx } from "../model/model-file.ts";
import { onnxText } from "../terminal/onnx-text.ts";

export const inspect = command({
  arguments: [
    { name: "model", about: "an .onnx file, a Keras .h5 or .keras, a .json file of tfjs or Keras or a run folder" },
  ],
  options: { json },
  examples: ["inspect ResNet50-1.h5", "inspect model.onnx --json"],
  async run({ args: [path = ""], options, io, at }) {
    const file = await modelFile(at(path), "any");
    if (isOnnx(file)) {
      const { describe } = await import("@resonnx/onnx");
      const description = { format: "onnx", ...describe(await readOnnx(file), file) };
      io.out(result(options.json, description, () => onnxText(description)));
      return "done";
    }
    const description = await describeLayers(file);
    io.out(result(options.json, description.facts, () => description.text));
    return "done";
  },
});
