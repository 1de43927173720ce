import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { ResonnxError } from "@resonnx/base";
import type { KerasTraining } from "@resonnx/keras";
import { isFolder, modelFile } from "../model/model-file.ts";
import { readSource } from "../model/source.ts";
import type { ExportJob, ExportResult } from "./export-one.ts";

const KERAS_ENDINGS = [".keras", ".h5"];

/** Whether an output's name asks for a Keras file. */
export const isKerasFile = (file: string): boolean => KERAS_ENDINGS.includes(extname(file).toLowerCase());

/**
 * Writes one model as a `.keras` (Keras 3) or `.h5` (Keras 2), whatever its output's name asks for, with the optimizer's state of
 * the run or Keras file that it comes from. Throws `bad-input` for options that only an ONNX file has.
 */
export async function exportKeras(job: ExportJob): Promise<ExportResult> {
  const { input, output, onProgress } = job;
  refuseOnnxOptions(job);
  const [{ writeAtomic }, { writeKeras, writeKerasH5 }] = await Promise.all([
    import("@resonnx/export"),
    import("@resonnx/keras"),
  ]);
  const start = performance.now();
  onProgress("read");
  const { artifacts } = await readSource(await modelFile(input, "source"));
  const { compile, note } = await trainingOf(input);
  onProgress("write");
  const write = extname(output).toLowerCase() === ".h5" ? writeKerasH5 : writeKeras;
  await writeAtomic(output, await write(artifacts, { compile }));
  return { nodes: null, ms: performance.now() - start, ...(note !== undefined && { note }) };
}

function refuseOnnxOptions({ output, target, verify, report }: ExportJob): void {
  const given: readonly (readonly [string, boolean])[] = [
    ["--layout", target.layout !== undefined],
    ["--precision", target.precision !== "fp32"],
    ["--no-optimize", !target.optimize],
    ["--verify", verify],
    ["--report", report],
  ];
  const [option] = given.find(([, isGiven]) => isGiven) ?? [];
  if (!option) return;
  const what = "says how to write an ONNX file";
  throw new ResonnxError("bad-input", { where: option, what, got: output, wanted: "an .onnx file" });
}

/** What a Keras file, or the one of a run folder, tells about its training; a model whose optimizer can't be read goes without. */
async function trainingOf(input: string): Promise<{ compile?: KerasTraining | undefined; note?: string }> {
  const { readKerasTraining } = await import("@resonnx/keras");
  const file = (await isFolder(input)) ? await kerasFileIn(input) : input;
  if (!file || !isKerasFile(file)) return {};
  try {
    return { compile: await readKerasTraining(await readFile(file), { name: file }) };
  } catch (error) {
    if (!(error instanceof ResonnxError && error.code === "unsupported")) throw error;
    return { note: `${input}: written without its optimizer: ${error.message}` };
  }
}

const kerasFileIn = async (folder: string): Promise<string | undefined> => {
  const name = (await readdir(folder)).find(isKerasFile);
  return name && join(folder, name);
};
