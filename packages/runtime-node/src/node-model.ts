import { ResonnxError } from "@resonnx/base";
import {
  abortable,
  type ClassifyOptions,
  checkInputs,
  type Model,
  type ModelInfo,
  type Prediction,
  pictureInputs,
  predictions,
  RequestQueue,
  type RunOptions,
  type Tensors,
} from "@resonnx/runtime";
import { type Image, toPixels } from "./image.ts";
import { fromWire, toWire } from "./protocol.ts";
import type { SessionThread } from "./session-thread.ts";

/** A model on onnxruntime-node; made by `loadModel`. */
export class NodeModel implements Model<Image> {
  readonly info: ModelInfo;
  readonly #thread: SessionThread;
  readonly #queue = new RequestQueue("run");
  #disposal: Promise<void> | undefined;

  constructor(thread: SessionThread, info: ModelInfo) {
    this.#thread = thread;
    this.info = info;
  }

  async run(inputs: Tensors, { signal }: RunOptions = {}): Promise<Tensors> {
    this.#checkAlive();
    checkInputs(this.info, inputs);
    const wire = toWire(inputs);
    return fromWire(await this.#queue.add(() => this.#thread.run(wire), signal));
  }

  async classify(image: Image, options: ClassifyOptions = {}): Promise<Prediction[]> {
    this.#checkAlive();
    const { signal } = options;
    const pixels = await abortable(toPixels(image, signal), signal, "classify");
    const outputs = await this.run(pictureInputs(this.info, pixels), options);
    return predictions(this.info, outputs, options);
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#queue.add(() => this.#thread.close());
    return this.#disposal;
  }

  #checkAlive(): void {
    if (this.#disposal) {
      throw new ResonnxError("bad-input", { where: "model", what: "it was disposed", hint: "load it again" });
    }
  }
}
