import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeAtomic } from "@resonnx/export";
import type { TrainableModel } from "../../../engines/engine.ts";
import { type SaveStepOptions, saveStep } from "../../../engines/onnx/save-step.ts";
import { savedStepFiles } from "../../../engines/onnx/step-readme.ts";

/**
 * Writes a model's training step for other programs beside `path`: for `step.onnx` the files `step.gradients.onnx`,
 * `step.update.onnx`, `step.start.onnx` and `step.README.md`. Their paths.
 */
export async function writeStep(
  path: string,
  model: TrainableModel,
  options: Omit<SaveStepOptions, "name">,
): Promise<string[]> {
  const name = basename(path, ".onnx");
  const saved = await saveStep(model, { ...options, name });
  const files = Object.entries(savedStepFiles(name)).map(([part, file]) => ({
    path: join(dirname(path), file),
    content: saved[part as keyof typeof saved],
  }));
  await mkdir(dirname(path), { recursive: true });
  for (const file of files) await writeAtomic(file.path, file.content);
  return files.map((file) => file.path);
}
