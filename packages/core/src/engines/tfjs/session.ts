import { ResonnxError } from "@resonnx/base";
import { type Phase, SLOTS, slotName, type UpdateRule, updateRule } from "@resonnx/onnx";
import * as tf from "@tensorflow/tfjs";
import { checkAverages, freshAverages } from "../averaged.ts";
import { checkState } from "../check-state.ts";
import type {
  Batch,
  BatchEvaluation,
  EvaluateOptions,
  PredictOptions,
  StateArray,
  StepJob,
  StepResult,
  TrainingJob,
  TrainingSession,
  TrainingState,
  Values,
} from "../engine.ts";
import { inTurn } from "../in-turn.ts";
import { NonFiniteLoss } from "../non-finite-loss.ts";
import { oneByOne } from "../one-by-one.ts";
import { arithmetic } from "./arithmetic.ts";
import { copyModel } from "./copy-model.ts";
import { layersModelOf, onlyArray } from "./job.ts";
import { type TfjsLoss, tfjsLoss } from "./losses.ts";

/** Training by tfjs' own gradients on the backend that is set. All tensors it makes are its own; `dispose` frees them. */
export class TfjsSession implements TrainingSession {
  readonly stepsAtOnce = 1;
  readonly #job: TrainingJob;
  readonly #rule: UpdateRule;
  readonly #loss: TfjsLoss;
  readonly #model: tf.LayersModel;
  /** Weights by their Keras names, those that never change included. */
  readonly #weights: ReadonlyMap<string, tf.LayerVariable>;
  readonly #trainable: ReadonlyMap<string, tf.Variable>;
  /** Weights that steps renew without gradients: statistics of normalizations. */
  readonly #statistics: ReadonlyMap<string, tf.LayerVariable>;
  /** Optimizer arrays by `slotName`. */
  #slots: Map<string, tf.Tensor>;
  #step = 0;

  private constructor(job: TrainingJob, rule: UpdateRule, loss: TfjsLoss, model: tf.LayersModel) {
    this.#job = job;
    this.#rule = rule;
    this.#loss = loss;
    this.#model = model;
    this.#weights = new Map(model.weights.map((weight) => [weight.originalName, weight]));
    this.#trainable = new Map(model.trainableWeights.map((weight) => [weight.originalName, variableOf(weight)]));
    const statistics = model.layers.flatMap((layer) => (layer.trainable ? layer.nonTrainableWeights : []));
    this.#statistics = new Map(statistics.map((weight) => [weight.originalName, weight]));
    this.#slots = this.#zeroSlots();
  }

  /** Trains a copy; the job's model stays as it is. Throws `unsupported` for a job that only the onnx engine does. */
  static async open(job: TrainingJob): Promise<TrainingSession> {
    const model = layersModelOf(job);
    const [rule, loss] = [updateRule(job), tfjsLoss(job.loss ?? "categoricalCrossentropy")];
    return inTurn(new TfjsSession(job, rule, loss, await copyModel(model))); // copied last: a refused job leaves nothing
  }

  async step(batch: Batch, learningRate: number): Promise<StepResult> {
    await tf.nextFrame(); // A step blocks this thread: signals and timers get their turn before it.
    const number = this.#step + 1;
    const phase = this.#rule.phases[this.#rule.phaseAt(number)];
    const scalars = phase.schedule(learningRate, number);
    const [lossTensor, predictionsTensor] = tf.tidy(() => {
      const { loss, predictions, gradients } = this.#gradients(batch);
      this.#update(phase, gradients, scalars);
      return [loss, predictions];
    });
    const [[loss], predictions] = await Promise.all([
      lossTensor.data<"float32">(),
      predictionsTensor.data<"float32">(),
    ]);
    tf.dispose([lossTensor, predictionsTensor]);
    this.#step++;
    if (loss === undefined || !Number.isFinite(loss)) {
      throw new NonFiniteLoss(this.#step, loss, "try a smaller learning rate");
    }
    return { loss, predictions, outputs: { [this.#model.outputNames[0]!]: predictions } };
  }

  steps(jobs: readonly StepJob[]): Promise<readonly StepResult[]> {
    return oneByOne(this, jobs);
  }

  async evaluate(batch: Batch, options: EvaluateOptions = {}): Promise<BatchEvaluation> {
    const [lossTensor, output] = await this.#infer(options, (): [tf.Scalar, tf.Tensor] => {
      const output = this.#apply(batch.inputs, batch.count, false);
      return [this.#meanLoss(batch, output), output];
    });
    const [[loss], predictions] = await Promise.all([lossTensor.data<"float32">(), output.data<"float32">()]);
    tf.dispose([lossTensor, output]);
    return { loss: loss!, predictions, outputs: { [this.#model.outputNames[0]!]: predictions } };
  }

  async predict(inputs: Values, count: number, options: PredictOptions = {}): Promise<Float32Array> {
    const output = await this.#infer(options, () => this.#apply(inputs, count, false));
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
      for (const [name, { dims, data }] of Object.entries({ ...freshAverages(arrays, this.#slots), ...arrays })) {
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
  #gradients(batch: Batch) {
    let predictions: tf.Tensor | undefined;
    const { value, grads } = tf.variableGrads(() => {
      // Kept, since the inner scope frees what it doesn't return; the caller disposes it.
      predictions = tf.keep(this.#apply(batch.inputs, batch.count, true));
      return this.#meanLoss(batch, predictions);
    }, [...this.#trainable.values()]);
    const gradients = new Map([...this.#trainable].map(([name, variable]) => [name, grads[variable.name]!]));
    return { loss: value, predictions: predictions!, gradients };
  }

  #meanLoss({ labels, count, sampleWeights }: Batch, predictions: tf.Tensor): tf.Scalar {
    const rows = this.#loss(tf.tensor(onlyArray(labels), predictions.shape), predictions);
    const weights = tf.tensor(sampleWeights ?? [1], [sampleWeights ? count : 1, ...rows.shape.slice(1).fill(1)]);
    return rows.mul(weights).mean().asScalar();
  }

  /** What `work` gives with the weights or their averages; the caller disposes it. */
  async #infer<T extends tf.TensorContainer>(options: EvaluateOptions, work: () => T): Promise<T> {
    if (options.averaged) checkAverages(this.#job);
    await tf.nextFrame();
    const averaged = options.averaged && this.#rule.updates(this.#step) > 0; // before that, weights are their own average
    return tf.tidy(() => (averaged ? this.#withAverages(work) : work()));
  }

  #apply(inputs: Values, count: number, training: boolean): tf.Tensor {
    const [input] = this.#model.inputs;
    const x = tf.tensor(onlyArray(inputs), [count, ...input!.shape.slice(1).map(Number)]);
    return this.#model.apply(x, { training }) as tf.Tensor; // tensors in, tensors out
  }

  #update(phase: Phase, gradients: ReadonlyMap<string, tf.Tensor>, scalars: readonly number[]): void {
    const all = [...this.#trainable].map(([name, parameter]) => {
      const slots = phase.slots.map((slot) => this.#slots.get(slotName(slot, name))!);
      return { name, parameter, gradient: gradients.get(name)!, slots };
    });
    const renewed = phase.apply<tf.Tensor>(arithmetic, all, scalars);
    for (const [i, { name, parameter }] of all.entries()) {
      const next = renewed[i]!;
      if (next.parameter) parameter.assign(next.parameter);
      for (const [k, slot] of phase.slots.entries()) this.#replaceSlot(slotName(slot, name), next.slots[k]!);
    }
    for (const [name, weight] of phase.average ? this.#statistics : []) {
      const slot = slotName(SLOTS.ema, name);
      this.#replaceSlot(slot, phase.average!<tf.Tensor>(arithmetic, this.#slots.get(slot)!, weight.read(), scalars));
    }
  }

  /** What `work` gives while the model's weights are their moving averages. */
  #withAverages<T>(work: () => T): T {
    const averages = [...this.#weights].flatMap(([name, weight]) => {
      const average = this.#slots.get(slotName(SLOTS.ema, name));
      return average ? [{ weight, average, own: weight.read().clone() }] : [];
    });
    try {
      for (const { weight, average } of averages) weight.write(average);
      return work();
    } finally {
      for (const { weight, own } of averages) weight.write(own);
    }
  }

  #replaceSlot(name: string, tensor: tf.Tensor): void {
    this.#slots.get(name)?.dispose();
    this.#slots.set(name, tf.keep(tensor));
  }

  #zeroSlots(): Map<string, tf.Tensor> {
    const { slots, average } = this.#rule.phases.update;
    const zeros = (slot: string, name: string, shape: readonly (number | null)[]): [string, tf.Tensor] => [
      slotName(slot, name),
      tf.keep(tf.zeros(shape.map(Number))),
    ];
    return new Map([
      ...[...this.#trainable].flatMap(([name, { shape }]) => slots.map((slot) => zeros(slot, name, shape))),
      ...(average ? [...this.#statistics].map(([name, { shape }]) => zeros(SLOTS.ema, name, shape)) : []),
    ]);
  }
}

/** A layer's variable as tfjs' gradients want it: `read` hands out the variable itself, typed as a tensor. */
function variableOf(weight: tf.LayerVariable): tf.Variable {
  const tensor = weight.read();
  if (tensor instanceof tf.Variable) return tensor;
  throw new ResonnxError("internal", { where: weight.originalName, what: "tfjs hands out no variable for a weight" });
}
