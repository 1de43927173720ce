import { ResonnxError } from "@resonnx/base";
import { type Forward, forward } from "@resonnx/export";
import {
  buildStep,
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
  /** The weights at the start; optimizer arrays start at zero. */
  readonly weights: Readonly<Record<string, StateArray>>;
  /** The shapes of all weights and optimizer arrays. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The graph of one step for a batch of exactly `count` pictures. */
  step(count: number): StepProgram;
  /** The graph of inference for a batch of exactly `count` pictures; reads the weights of `initial` as inputs. */
  predict(count: number): Uint8Array;
}

/** The model as training graphs. Throws `unsupported` for a model that isn't one picture in, class probabilities out. */
export function compile(artifacts: io.ModelArtifacts, optimizerName: OptimizerName, rules: Rules): Program {
  const optimizer = optimizers[optimizerName];
  const build = (count: number, training: boolean): Forward =>
    forward(artifacts, { training, weights: "inputs", batchSize: count });
  const sample = build(1, true);
  const { input, output } = onePictureToClasses(sample);
  const weights = sample.parameters.map(
    ({ name, data }) => [name, { dims: data.dims, data: data.data as Float32Array }] as const,
  );
  const slots = sample.parameters.flatMap(({ name, data, trainable }) =>
    trainable ? optimizer.slots.map((slot) => [slotName(slot, name), data.dims] as const) : [],
  );
  return {
    input: input.name!,
    output: sample.outputs[0]!.name,
    picture: input.shape.slice(1) as number[],
    classes: output.shape[1] as number,
    weights: Object.fromEntries(weights),
    shapes: new Map([...weights.map(([name, { dims }]) => [name, dims] as const), ...slots]),
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
