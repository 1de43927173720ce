import { ResonnxError } from "@resonnx/base";
import type { RandomInput } from "@resonnx/export";
import { type ProbedValue, STEP } from "@resonnx/onnx";
import { checkAverages, freshAverages } from "../averaged.ts";
import { checkState } from "../check-state.ts";
import type {
  Batch,
  BatchEvaluation,
  Device,
  EvaluateOptions,
  PredictOptions,
  StepJob,
  StepResult,
  TrainingJob,
  TrainingSession,
  TrainingState,
  Values,
} from "../engine.ts";
import { inTurn } from "../in-turn.ts";
import { oneByOne } from "../one-by-one.ts";
import { drawn } from "./draw.ts";
import { type Feeds, feedsOf, labelFeeds, sampleWeightsOf } from "./feeds.ts";
import { forwardPassOf } from "./forward-pass.ts";
import { lowerings } from "./lowerings.ts";
import { notFinite } from "./not-finite.ts";
import { type OutputPort, type Program, programOf, type StepKind, type StepProgram } from "./program.ts";
import { type Arrays, buffersOf, type Command } from "./protocol.ts";
import { stacked } from "./stacked.ts";
import { stepsAtOnce } from "./steps-at-once.ts";

/** Where a Stepper lives: a thread in Node, a worker in a page. */
export interface StepperPort {
  ask(command: Exclude<Command, { do: "close" }>, moved?: readonly ArrayBuffer[]): Promise<Arrays>;
  close(): Promise<void>;
}

/** Training by step graphs, one graph for each batch size that occurs. */
export class OnnxSession implements TrainingSession {
  readonly stepsAtOnce: number;
  readonly #port: StepperPort;
  readonly #job: TrainingJob;
  readonly #program: Program;
  /** The graphs that the stepper holds, each with what it wants drawn. */
  readonly #loaded = new Map<string, readonly RandomInput[]>();
  #step = 0;

  private constructor(port: StepperPort, job: TrainingJob, program: Program, device: Device) {
    this.stepsAtOnce = stepsAtOnce[device];
    this.#port = port;
    this.#job = job;
    this.#program = program;
  }

  static async open(port: StepperPort, job: TrainingJob, device: Device): Promise<TrainingSession> {
    const program = programOf(await forwardPassOf(job.model), job, lowerings[device]);
    checkClassWeights(job, program);
    await write(port, program.weights);
    return inTurn(new OnnxSession(port, job, program, device));
  }

  async step(batch: Batch, learningRate: number): Promise<StepResult> {
    const number = this.#step + 1;
    const kind = this.#kindOf(batch, number);
    const program = nameOf(kind);
    const randoms = await this.#load(program, () => this.#program.step(kind));
    const inputs = this.#inputs({ batch, learningRate }, number, randoms);
    const result = this.#resultOf(await this.#run(program, inputs), 0, 1);
    if (!Number.isFinite(result.loss)) throw notFinite(number, result.loss, await this.#culprit(kind, inputs));
    this.#step = number;
    return result;
  }

  /** By one run, if they are of one kind and as many as its graph does; one by one otherwise. */
  async steps(jobs: readonly StepJob[]): Promise<readonly StepResult[]> {
    const times = this.stepsAtOnce;
    const kinds = jobs.map(({ batch }, i) => this.#kindOf(batch, this.#step + 1 + i));
    const [kind] = kinds;
    const alike = new Set(kinds.map(nameOf)).size === 1;
    if (!kind || !alike || times === 1 || jobs.length !== times) return oneByOne(this, jobs);
    const program = `${times} times ${nameOf(kind)}`;
    const randoms = await this.#load(program, () => this.#program.steps(kind, times));
    const inputs = stacked(jobs.map((job, i) => this.#inputs(job, this.#step + 1 + i, randoms)));
    const told = await this.#run(program, inputs);
    const results = jobs.map((_, i) => this.#resultOf(told, i, times));
    // The state is the one before them all: once more, up to the step that is at fault.
    if (!results.every(({ loss }) => Number.isFinite(loss))) return oneByOne(this, jobs);
    this.#step += times;
    return results;
  }

  async evaluate(batch: Batch, { averaged = false }: EvaluateOptions = {}): Promise<BatchEvaluation> {
    const moved = this.#moved(averaged);
    const kind = { count: batch.count, weighted: this.#isWeighted(batch) };
    const program = `evaluate ${sizeOf(kind)}${moved ? " averaged" : ""}`;
    await this.#load(program, () => this.#program.evaluate(kind, moved));
    return this.#resultOf(await this.#run(program, this.#batchInputs(batch)), 0, 1);
  }

  async predict(
    values: Values,
    count: number,
    { output, averaged = false }: PredictOptions = {},
  ): Promise<Float32Array> {
    const port = this.#outputOf(output);
    const size = this.#job.batchSize;
    const moved = this.#moved(averaged);
    const program = moved ? "predict averaged" : "predict";
    await this.#load(program, () => ({ bytes: this.#program.predict(size, moved), state: [], randoms: [] }));
    // Inference treats rows alone, so a smaller batch is filled up instead of compiled again.
    const inputs = Object.fromEntries(
      Object.entries(feedsOf("inputs", this.#program.inputs, values, count)).map(([name, { dims, data }]) => {
        const filled = new Float32Array((data.length / count) * size);
        filled.set(data);
        return [name, { dims: [size, ...dims.slice(1)], data: filled }];
      }),
    );
    const result = await this.#port.ask({ do: "run", program, inputs, outputs: [port.name] }, buffersOf(inputs));
    return result[port.name]!.data.subarray(
      0,
      port.dims.reduce((a, dim) => a * dim, count),
    );
  }

  async state(): Promise<TrainingState> {
    return { step: this.#step, arrays: await this.#port.ask({ do: "read" }) };
  }

  async restore({ step, arrays }: TrainingState): Promise<void> {
    const { weights, shapes } = this.#program;
    const required = new Map(Object.entries(weights).map(([name, { dims }]) => [name, dims]));
    checkState(arrays, { required, optional: shapes });
    await write(this.#port, { ...freshAverages(arrays, shapes), ...arrays });
    this.#step = step;
  }

  dispose(): Promise<void> {
    return this.#port.close();
  }

  /** Whether inference reads averages in place of weights, when it is to be of averages. */
  #moved(averaged: boolean): boolean {
    if (averaged) checkAverages(this.#job);
    return averaged && this.#program.rule.updates(this.#step) > 0; // before that, weights are their own average
  }

  #isWeighted({ sampleWeights }: Batch): boolean {
    return (this.#job.classWeights ?? sampleWeights) !== undefined;
  }

  #kindOf(batch: Batch, step: number): StepKind {
    return { count: batch.count, phase: this.#program.rule.phaseAt(step), weighted: this.#isWeighted(batch) };
  }

  /** What step `number` reads besides the state. */
  #inputs({ batch, learningRate }: StepJob, number: number, randoms: readonly RandomInput[]): Feeds {
    const { rule } = this.#program;
    const phase = rule.phases[rule.phaseAt(number)];
    const values = phase.schedule(learningRate, number);
    const scalars = phase.scalars.map((name, i) => [name, { dims: [], data: Float32Array.of(values[i]!) }] as const);
    return {
      ...this.#batchInputs(batch),
      ...drawn(randoms, this.#job.seed ?? 1, number),
      ...Object.fromEntries(scalars),
    };
  }

  #batchInputs({ inputs, labels, count, sampleWeights }: Batch): Feeds {
    const truth = labelFeeds(this.#program.outputs, labels, count);
    const weights = sampleWeightsOf(this.#job.classWeights, sampleWeights, Object.values(truth)[0]!, count);
    return {
      ...feedsOf("inputs", this.#program.inputs, inputs, count),
      ...truth,
      ...(weights && { [STEP.sampleWeights]: { dims: [count], data: weights } }),
    };
  }

  #run(program: string, inputs: Arrays): Promise<Arrays> {
    const outputs = [STEP.loss, ...this.#program.outputs.map(({ predictions }) => predictions)];
    return this.#port.ask({ do: "run", program, inputs, outputs, onlyIf: STEP.loss });
  }

  /** That of step `i` of a run of `steps`. */
  #resultOf(told: Arrays, i: number, steps: number): StepResult {
    const predictions = this.#program.outputs.map((output) => {
      const { data } = told[output.predictions]!;
      const size = data.length / steps;
      return [output.name, data.subarray(i * size, (i + 1) * size)] as const;
    });
    const loss = told[STEP.loss]!.data[i]!;
    return { loss, predictions: predictions[0]![1], outputs: Object.fromEntries(predictions) };
  }

  /** The first value of a forward pass that isn't finite; the weights are still those from before the step. */
  async #culprit(kind: StepKind, inputs: Feeds): Promise<ProbedValue | undefined> {
    const { probed, ...program } = this.#program.probe(kind);
    await this.#load("probe", () => program);
    const outputs = probed.map(({ output }) => output);
    const sums = await this.#port.ask({ do: "run", program: "probe", inputs, outputs });
    return probed.find(({ output }) => !Number.isFinite(sums[output]!.data[0]));
  }

  #outputOf(name: string | undefined): OutputPort {
    const { outputs } = this.#program;
    const found = name === undefined ? outputs[0] : outputs.find((output) => output.name === name);
    if (found) return found;
    const wanted = outputs.map((output) => output.name).join(", ");
    throw new ResonnxError("bad-input", { where: "predict", what: "no such output", got: `${name}`, wanted });
  }

  async #load(name: string, make: () => StepProgram): Promise<readonly RandomInput[]> {
    const known = this.#loaded.get(name);
    if (known) return known;
    if (this.#job.saveMemory) {
      for (const program of this.#loaded.keys()) await this.#port.ask({ do: "unload", program });
      this.#loaded.clear();
    }
    const { bytes, state, randoms } = make();
    await this.#port.ask({ do: "load", program: name, bytes, state }, [bytes.buffer]);
    this.#loaded.set(name, randoms);
    return randoms;
  }
}

const sizeOf = ({ count, weighted }: Omit<StepKind, "phase">): string => `${count}${weighted ? " weighted" : ""}`;
const nameOf = (kind: StepKind): string => `${kind.phase} ${sizeOf(kind)}`;

/** The stepper gets copies: whose arrays these are keeps them. */
async function write(port: StepperPort, arrays: Arrays): Promise<void> {
  const copies = Object.entries(arrays).map(([name, { dims, data }]) => [name, { dims, data: data.slice() }] as const);
  const moved = Object.fromEntries(copies);
  await port.ask({ do: "write", arrays: moved }, buffersOf(moved));
}

/** Class weights are for one output of one row of classes a sample, one weight a class. */
function checkClassWeights({ classWeights }: TrainingJob, { outputs }: Program): void {
  const [output, ...more] = outputs;
  if (!classWeights || (more.length === 0 && `${output!.dims}` === `${classWeights.length}`)) return;
  throw new ResonnxError("bad-input", {
    where: "class weights",
    what: "they don't fit the model's outputs",
    got: `${classWeights.length} for ${outputs.map(({ dims }) => `[${dims}]`).join(" and ")}`,
    wanted: "one output [batch, classes], and a number for each class",
  });
}
