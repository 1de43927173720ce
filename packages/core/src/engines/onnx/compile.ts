import { ResonnxError } from "@resonnx/base";
import { type Forward, forward } from "@resonnx/export";
import {
  buildStep,
  cpuRules,
  encode,
  type OptimizerName,
  optimizers,
  type Rules,
  type StateSlot,
  slotName,
  translate,
} from "@resonnx/onnx";
import type { io } from "@tensorflow/tfjs";
import type { StateArray } from "../engine.ts";

/** A training's graphs for one batch size, ready for onnxruntime. */
export interface StepProgram {
  readonly bytes: Uint8Array;
  readonly state: readonly StateSlot[];
}

export interface Program {
  /** The name of the model's input of pictures. */
  readonly input: string;
  /** [height, width, channels] */
  readonly picture: readonly number[];
  /** The name of its output of class probabilities. */
  readonly output: string;
  readonly classes: number;
  /** All weights and optimizer arrays at the start. */
  readonly initial: Readonly<Record<string, StateArray>>;
  /** The graph of one step for a batch of exactly `count` pictures. */
  step(count: number): StepProgram;
  /** The graph of inference for a batch of exactly `count` pictures; reads the weights of `initial` as inputs. */
  predict(count: number): Uint8Array;
}

/** The model as training graphs. Throws `unsupported` for a model that isn't one picture in, class probabilities out. */
export function compile(artifacts: io.ModelArtifacts, optimizerName: OptimizerName, rules: Rules = cpuRules): Program {
  const optimizer = optimizers[optimizerName];
  const build = (count: number, training: boolean): Forward =>
    forward(artifacts, { training, weights: "inputs", batchSize: count });
  const sample = build(1, true);
  const { input, output } = onePictureToClasses(sample);
  const initial: Record<string, StateArray> = {};
  for (const { name, data, trainable } of sample.parameters) {
    initial[name] = { dims: data.dims, data: data.data as Float32Array };
    const slots = trainable ? optimizer.slots : [];
    for (const slot of slots)
      initial[slotName(slot, name)] = { dims: data.dims, data: new Float32Array(data.data.length) };
  }
  return {
    input: input.name!,
    output: sample.outputs[0]!.name,
    picture: input.shape.slice(1) as number[],
    classes: output.shape[1] as number,
    initial,
    step(count) {
      const { graph, outputs, parameters } = build(count, true);
      const { graph: step, state } = buildStep({ graph, predictions: outputs[0]!.value, parameters }, optimizer, rules);
      return { bytes: encode(step), state };
    },
    predict: (count) => encode(translate(build(count, false).graph, rules)),
  };
}

function onePictureToClasses({ graph, inputs, outputs }: Forward) {
  const [input, output] = [inputs[0]!, outputs[0]!.value];
  const fits = inputs.length === 1 && outputs.length === 1 && input.rank === 4 && output.rank === 2;
  if (!fits) {
    throw new ResonnxError("unsupported", {
      where: graph.name,
      what: "this engine trains picture classifiers",
      got: `inputs ${inputs.map(({ shape }) => `[${shape}]`)}, outputs ${outputs.map(({ value }) => `[${value.shape}]`)}`,
      wanted: "one input [batch, height, width, channels] and one output [batch, classes]",
    });
  }
  return { input, output };
}
