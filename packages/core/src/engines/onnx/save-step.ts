import { buildStart, buildUpdate, encode, floats } from "@resonnx/onnx";
import type { Device, TrainingJob } from "../engine.ts";
import { forwardPassOf } from "./forward-pass.ts";
import { lowerings } from "./lowerings.ts";
import { programOf } from "./program.ts";
import { savedStepFiles, stepReadme } from "./step-readme.ts";

export interface SaveStepOptions extends Omit<TrainingJob, "model" | "accumulate" | "classWeights" | "seed"> {
  /** The exact batch of the gradients' graph. */
  readonly batchSize: number;
  /** What the graphs are to run well on; the CPU by default. They run everywhere. */
  readonly device?: Device | undefined;
  /** What the README calls the files: `{name}.gradients.onnx` and so on; `step` by default. */
  readonly name?: string | undefined;
}

/** A training step for other programs: ONNX files that any onnxruntime runs, and how to put them together. */
export interface SavedStep {
  /** From a batch and the weights: the loss, predictions and gradients. */
  readonly gradients: Uint8Array;
  /** From weights, gradients and the optimizer's arrays: the next ones. */
  readonly update: Uint8Array;
  /** Without inputs: the weights and the optimizer's arrays at the start. */
  readonly start: Uint8Array;
  /** Markdown: all inputs and outputs, and the loop around them. */
  readonly readme: string;
}

/** What training a model is, as files. Throws what `Engine.open` throws for models and options that can't be trained. */
export async function saveStep(
  model: TrainingJob["model"],
  { batchSize, device = "cpu", name = "step", ...options }: SaveStepOptions,
): Promise<SavedStep> {
  const lowering = lowerings[device];
  const program = programOf(await forwardPassOf(model), options, lowering);
  const { graph: gradients, randoms } = program.gradients(batchSize);
  const update = buildUpdate(program.renewed, program.rule.phases.update, lowering.rules);
  const start = [...program.shapes].map(([name, dims]) => {
    const data = program.weights[name]?.data ?? new Float32Array(dims.reduce((a, dim) => a * dim, 1));
    return [name, floats(dims, data)] as const;
  });
  return {
    gradients: encode(gradients),
    update: encode(update),
    start: encode(buildStart(new Map(start))),
    readme: stepReadme({
      files: savedStepFiles(name),
      model: model.name,
      batchSize,
      device,
      gradients,
      update,
      randoms,
      state: new Set(program.shapes.keys()),
    }),
  };
}
