import { BACKEND_NAMES } from "../backends/names.ts";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { choices, text } from "../command/option.ts";
import { openParityModel, parityCases } from "../parity/parity-model.ts";
import { runParity } from "../parity/run-parity.ts";
import { writeParityReport } from "../parity/write-report.ts";
import { parityText } from "../terminal/parity-text.ts";

export const parity = command({
  arguments: [{ name: "model", about: "a run folder, a tfjs model.json, a Keras .h5 or an .onnx file" }],
  options: {
    input: text("file", "a picture or a folder of pictures (default: seeded random numbers)"),
    backends: choices(BACKEND_NAMES, "which to compare, with commas between them"),
    report: text("file", "where to write the HTML report"),
    json,
  },
  examples: ["parity runs/mine", "parity model.onnx --input photo.jpg --backends ort-web-wasm --report parity.html"],
  async run({ args: [path = ""], options, io, signal, at }) {
    const { summarize } = await import("@resonnx/parity");
    const model = await openParityModel(at(path), signal);
    const input = options.input === undefined ? undefined : at(options.input);
    const cases = await parityCases(model.bytes, input, path, io, signal);
    const compared = await runParity({ ...model, cases, names: options.backends }, io, signal);
    if (options.report !== undefined) await writeParityReport(at(options.report), compared, path, io);
    io.out(result(options.json, summarize(compared), () => parityText(compared)));
    return compared.ok ? "done" : "failed";
  },
});
