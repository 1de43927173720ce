import { join } from "node:path";

import { type ParityResult, summarize } from "@resonnx/parity";
import { command } from "../command/command.ts";
import { json, result } from "../command/json.ts";
import { integer, text } from "../command/option.ts";
import { pictureCases } from "../model/pictures.ts";
import { loadTfjs } from "../model/tfjs.ts";
import { openParityModel } from "../parity/parity-model.ts";
import { runParity } from "../parity/run-parity.ts";
import { writeParityReport } from "../parity/write-report.ts";
import { type ClassifiedHeldOut, type HeldOut, heldOut } from "../quickstart/held-out.ts";
import { quickstartText } from "../quickstart/text.ts";
import type { Io } from "../terminal/io.ts";
import { trainingProgress } from "../terminal/training-text.ts";
import { runName } from "../training/run-name.ts";

const DATA = "hand-signs";
/** Held-out pictures that go through every backend: as many as software WebGPU is given. */
const PICTURES = 8;

export const quickstart = command({
  arguments: [],
  options: {
    out: text("folder", "the run folder, empty or missing (default: runs/quickstart-{time})"),
    epochs: integer(12, "times that every picture is seen"),
    json,
  },
  examples: ["quickstart", "quickstart --out runs/first --epochs 3"],
  async run({ options, io, signal, at }) {
    const { openDataset, runTraining } = await import("@resonnx/core");
    const out = at(options.out ?? runName("quickstart", new Date()));
    const { epochs } = options;
    await loadTfjs(); // before the run does, so that it prints no banner
    const run = await runTraining({ data: DATA, out, epochs, signal, onProgress: trainingProgress(io) });
    const pictures = await heldOut(await openDataset(DATA, { signal }), PICTURES);
    const compared = await compare(run.folder, pictures, io, signal);
    const report = join(run.folder, "parity.html");
    await writeParityReport(report, compared, run.folder, io);
    const classified = await classify(join(run.folder, "model.onnx"), pictures, signal);
    const value = { ...run, parity: summarize(compared), predictions: classified, parityReport: report };
    io.out(result(options.json, value, () => quickstartText(run, compared, classified, report)));
    return compared.ok ? "done" : "failed";
  },
});

async function compare(
  folder: string,
  pictures: readonly HeldOut[],
  io: Io,
  signal: AbortSignal,
): Promise<ParityResult> {
  const { describe } = await import("@resonnx/onnx");
  const model = await openParityModel(folder, signal);
  const [input] = describe(model.bytes, folder).inputs;
  return runParity({ ...model, cases: pictureCases(model.bytes, input!, pictures), names: undefined }, io, signal);
}

async function classify(file: string, pictures: readonly HeldOut[], signal: AbortSignal): Promise<ClassifiedHeldOut[]> {
  const { loadModel } = await import("@resonnx/runtime-node");
  const model = await loadModel(file, { signal });
  try {
    const classified: ClassifiedHeldOut[] = [];
    for (const { name, label, pixels } of pictures)
      classified.push({ file: name, label, predictions: await model.classify(pixels, { topK: 3, signal }) });
    return classified;
  } finally {
    await model.dispose();
  }
}
