import { ResonnxError } from "@resonnx/base";
import { optimizers, slotName } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { checkState } from "../check-state.ts";
import type { Batch, StateArray, StepResult, TrainingJob, TrainingSession, TrainingState } from "../engine.ts";
import { copyModel } from "./copy-model.ts";
import { updates } from "./updates.ts";

/** Training by tfjs' own gradients on the backend that is set. All tensors it makes are its own; `dispose` frees them. */
export class TfjsSession implements TrainingSession {
  readonly #job: TrainingJob;
  readonly #model: tf.LayersModel;
  /** Weights by their Keras names, those that never change included. */
  readonly #weights: ReadonlyMap<string, tf.LayerVariable>;
  readonly #trainable: ReadonlyMap<string, tf.Variable>;
  /** Optimizer arrays by `slotName`. */
  #slots: Map<string, tf.Tensor>;
  #step = 0;

  private constructor(job: TrainingJob, model: tf.LayersModel) {
    this.#job = job;
    this.#model = model;
    this.#weights = new Map(model.weights.map((weight) => [weight.originalName, weight]));
    this.#trainable = new Map(model.trainableWeights.map((weight) => [weight.originalName, variableOf(weight)]));
    this.#slots = this.#zeroSlots();
  }

  /** Trains a copy; the job's model stays as it is. Throws `unsupported` for a model that isn't one picture in, class probabilities out. */
  static async open(job: TrainingJob): Promise<TfjsSession> {
    checkModel(job.model);
    return new TfjsSession(job, await copyModel(job.model));
  }

  async step({ pictures, labels, count }: Batch, learningRate: number): Promise<StepResult> {
    await tf.nextFrame(); // A step blocks this thread: signals and timers get their turn before it.
    const scalars = optimizers[this.#job.optimizer].schedule(learningRate, this.#step + 1);
    const [lossTensor, predictionsTensor] = tf.tidy(() => {
      const { loss, predictions, gradients } = this.#gradients(pictures, labels, count);
      for (const [name, gradient] of Object.entries(gradients)) this.#update(name, gradient, scalars);
      return [loss, predictions];
    });
    const [[loss], predictions] = await Promise.all([
      lossTensor.data<"float32">(),
      predictionsTensor.data<"float32">(),
    ]);
    tf.dispose([lossTensor, predictionsTensor]);
    this.#step++;
    if (loss === undefined || !Number.isFinite(loss)) {
      throw new ResonnxError("failed", {
        where: `step ${this.#step}`,
        what: "the loss is not a finite number",
        got: `${loss}`,
        hint: "try a smaller learning rate",
      });
    }
    return { loss, predictions };
  }

  async predict(pictures: Float32Array, count: number): Promise<Float32Array> {
    await tf.nextFrame();
    const output = tf.tidy(() => this.#apply(pictures, count, false));
    const predictions = await output.data<"float32">();
    output.dispose();
    return predictions;
  }

  async state(): Promise<TrainingState> {
    const tensors = [...[...this.#weights].map(([name, weight]) => [name, weight.read()] as const), ...this.#slots];
    const arrays = tensors.map(async ([name, tensor]): Promise<[string, StateArray]> => {
      // tfjs' plain backend hands out its own memory.
      const data = (await tensor.data<"float32">()).slice();
      return [name, { dims: tensor.shape, data }];
    });
    return { step: this.#step, arrays: Object.fromEntries(await Promise.all(arrays)) };
  }

  async restore({ step, arrays }: TrainingState): Promise<void> {
    const weights = [...this.#weights].map(([name, { shape }]) => [name, shape.map(Number)] as const);
    const slots = [...this.#slots].map(([name, { shape }]) => [name, shape] as const);
    checkState(arrays, { required: new Map(weights), optional: new Map(slots) });
    tf.dispose([...this.#slots.values()]);
    this.#slots = this.#zeroSlots();
    tf.tidy(() => {
      for (const [name, { dims, data }] of Object.entries(arrays)) {
        const tensor = tf.tensor(data.slice(), [...dims]);
        const weight = this.#weights.get(name);
        if (weight) weight.write(tensor);
        else this.#replaceSlot(name, tensor);
      }
    });
    this.#step = step;
  }

  async dispose(): Promise<void> {
    tf.dispose([...this.#slots.values()]);
    this.#slots.clear();
    this.#model.dispose();
  }

  /** One forward and backward pass; moves the moving averages of batch normalizations on. */
  #gradients(pictures: Float32Array, labels: Float32Array, count: number) {
    const truth = tf.tensor2d(labels, [count, labels.length / count]);
    let predictions: tf.Tensor | undefined;
    const { value, grads } = tf.variableGrads(() => {
      // Kept, since the inner scope frees what it doesn't return; the caller disposes it.
      predictions = tf.keep(this.#apply(pictures, count, true));
      return tf.metrics.categoricalCrossentropy(truth, predictions).mean().asScalar();
    }, [...this.#trainable.values()]);
    const gradients = [...this.#trainable].map(([name, variable]) => [name, grads[variable.name]!] as const);
    return { loss: value, predictions: predictions!, gradients: Object.fromEntries(gradients) };
  }

  #apply(pictures: Float32Array, count: number, training: boolean): tf.Tensor {
    const [, height = 0, width = 0, channels = 0] = this.#model.inputs[0]!.shape.map(Number);
    const x = tf.tensor4d(pictures, [count, height, width, channels]);
    return this.#model.apply(x, { training }) as tf.Tensor; // tensors in, tensors out
  }

  #update(name: string, gradient: tf.Tensor, scalars: readonly number[]): void {
    const { optimizer } = this.#job;
    const names = optimizers[optimizer].slots.map((slot) => slotName(slot, name));
    const parameter = this.#trainable.get(name)!;
    tf.tidy(() => {
      const slots = names.map((slot) => this.#slots.get(slot)!);
      const [next, ...nextSlots] = updates[optimizer]({ parameter, gradient, slots, scalars });
      parameter.assign(next);
      for (const [i, slot] of names.entries()) this.#replaceSlot(slot, nextSlots[i]!);
    });
  }

  #replaceSlot(name: string, tensor: tf.Tensor): void {
    this.#slots.get(name)?.dispose();
    this.#slots.set(name, tf.keep(tensor));
  }

  #zeroSlots(): Map<string, tf.Tensor> {
    const { slots } = optimizers[this.#job.optimizer];
    const entries = [...this.#trainable].flatMap(([name, { shape }]) =>
      slots.map((slot): [string, tf.Tensor] => [slotName(slot, name), tf.keep(tf.zeros(shape))]),
    );
    return new Map(entries);
  }
}

/** A layer's variable as tfjs' gradients want it: `read` hands out the variable itself, typed as a tensor. */
function variableOf(weight: tf.LayerVariable): tf.Variable {
  const tensor = weight.read();
  if (tensor instanceof tf.Variable) return tensor;
  throw new ResonnxError("internal", { where: weight.originalName, what: "tfjs hands out no variable for a weight" });
}

function checkModel({ name, inputs, outputs }: tf.LayersModel): void {
  if (inputs.length === 1 && outputs.length === 1 && inputs[0]?.rank === 4 && outputs[0]?.rank === 2) return;
  const shapes = (list: readonly tf.SymbolicTensor[]) => list.map(({ shape }) => `[${shape}]`).join(" ");
  throw new ResonnxError("unsupported", {
    where: name,
    what: "this engine trains picture classifiers",
    got: `inputs ${shapes(inputs)}, outputs ${shapes(outputs)}`,
    wanted: "one input [batch, height, width, channels] and one output [batch, classes]",
  });
}
