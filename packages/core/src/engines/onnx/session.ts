import { ResonnxError } from "@resonnx/base";
import { artifactsOf } from "@resonnx/export";
import { optimizers, STEP } from "@resonnx/onnx";
import { checkState } from "../check-state.ts";
import type { Batch, Device, StateArray, StepResult, TrainingJob, TrainingSession, TrainingState } from "../engine.ts";
import { compile, type Program } from "./compile.ts";
import { lowerings } from "./lowerings.ts";
import { type Arrays, buffersOf, type Command } from "./protocol.ts";

/** Where a Stepper lives: a thread in Node, a worker in a page. */
export interface StepperPort {
  ask(command: Exclude<Command, { do: "close" }>, moved?: readonly ArrayBuffer[]): Promise<Arrays>;
  close(): Promise<void>;
}

/** Training by step graphs, one graph for each batch size that occurs. */
export class OnnxSession implements TrainingSession {
  readonly #port: StepperPort;
  readonly #job: TrainingJob;
  readonly #program: Program;
  readonly #loaded = new Set<string>();
  #step = 0;

  private constructor(port: StepperPort, job: TrainingJob, program: Program) {
    this.#port = port;
    this.#job = job;
    this.#program = program;
  }

  static async open(port: StepperPort, job: TrainingJob, device: Device): Promise<OnnxSession> {
    const program = compile(await artifactsOf(job.model), job.optimizer, lowerings[device]);
    await port.ask({ do: "write", arrays: program.weights });
    return new OnnxSession(port, job, program);
  }

  async step({ pictures, labels, count }: Batch, learningRate: number): Promise<StepResult> {
    const optimizer = optimizers[this.#job.optimizer];
    const { input, picture, classes } = this.#program;
    const program = await this.#load(`step ${count}`, () => this.#program.step(count));
    const scalars = optimizer.schedule(learningRate, this.#step + 1);
    const inputs: Record<string, StateArray> = {
      [input]: { dims: [count, ...picture], data: pictures },
      [STEP.labels]: { dims: [count, classes], data: labels },
    };
    for (const [i, name] of optimizer.scalars.entries())
      inputs[name] = { dims: [], data: Float32Array.of(scalars[i]!) };
    const result = await this.#port.ask({ do: "run", program, inputs, outputs: [STEP.loss, STEP.predictions] });
    this.#step++;
    const loss = result[STEP.loss]!.data[0]!;
    if (!Number.isFinite(loss)) {
      throw new ResonnxError("failed", {
        where: `step ${this.#step}`,
        what: "the loss is not a finite number",
        got: `${loss}`,
        hint: "try a smaller learning rate",
      });
    }
    return { loss, predictions: result[STEP.predictions]!.data };
  }

  async predict(pictures: Float32Array, count: number): Promise<Float32Array> {
    const { input, picture, classes } = this.#program;
    const size = this.#job.batchSize;
    const program = await this.#load("predict", () => ({ bytes: this.#program.predict(size), state: [] }));
    // Inference treats rows alone, so a smaller batch is filled up instead of compiled again.
    const data = new Float32Array(size * picture.reduce((a, dim) => a * dim, 1));
    data.set(pictures);
    const inputs = { [input]: { dims: [size, ...picture], data } };
    const [result] = Object.values(
      await this.#port.ask({ do: "run", program, inputs, outputs: [this.#program.output] }, buffersOf(inputs)),
    );
    return result!.data.subarray(0, count * classes);
  }

  async state(): Promise<TrainingState> {
    return { step: this.#step, arrays: await this.#port.ask({ do: "read" }) };
  }

  async restore({ step, arrays }: TrainingState): Promise<void> {
    const { weights, shapes } = this.#program;
    const required = new Map(Object.entries(weights).map(([name, { dims }]) => [name, dims]));
    checkState(arrays, { required, optional: shapes });
    await this.#port.ask({ do: "write", arrays });
    this.#step = step;
  }

  dispose(): Promise<void> {
    return this.#port.close();
  }

  async #load(name: string, make: () => Pick<Extract<Command, { do: "load" }>, "bytes" | "state">): Promise<string> {
    if (!this.#loaded.has(name)) {
      await this.#port.ask({ do: "load", program: name, ...make() });
      this.#loaded.add(name);
    }
    return name;
  }
}
