import { type ModelMetadata, ResonnxError } from "@resonnx/base";
import {
  type ClassifyOptions,
  checkInputs,
  type Model,
  type ModelInfo,
  type Prediction,
  type ProviderReport,
  pictureInputs,
  predictions,
  type RunOptions,
  type Tensors,
  type ValueInfo,
} from "@resonnx/runtime";
import type { InferenceSession } from "onnxruntime-web/webgpu";
import { queue } from "./ort.ts";
import { type Picture, pixelsOf } from "./picture.ts";
import type { Session } from "./session.ts";

/** A session of onnxruntime-web as a Model. */
export class WebModel implements Model<Picture> {
  readonly info: ModelInfo;
  readonly #session: Session;
  #disposed: Promise<void> | undefined;

  constructor(session: Session, info: ModelInfo) {
    this.#session = session;
    this.info = info;
  }

  async run(inputs: Tensors, { signal }: RunOptions = {}): Promise<Tensors> {
    this.#checkOpen();
    checkInputs(this.info, inputs);
    return queue.add(() => this.#session.run(inputs), signal);
  }

  async classify(picture: Picture, options: ClassifyOptions = {}): Promise<Prediction[]> {
    this.#checkOpen();
    const inputs = pictureInputs(this.info, await pixelsOf(picture));
    return predictions(this.info, await this.run(inputs, options), options);
  }

  dispose(): Promise<void> {
    this.#disposed ??= queue.add(() => this.#session.release());
    return this.#disposed;
  }

  #checkOpen(): void {
    if (this.#disposed !== undefined)
      throw new ResonnxError("bad-input", { where: "model", what: "used after dispose()" });
  }
}

/** What the session declares, with what the file says about itself. Throws `unsupported` for inputs that are no tensors. */
export function infoOf(session: Session, report: ProviderReport, metadata: ModelMetadata): ModelInfo {
  const { labels, preprocessing } = metadata;
  return {
    ...report,
    inputs: session.declared.inputMetadata.map(valueInfo),
    outputs: session.declared.outputMetadata.map(valueInfo),
    ...(labels && { labels }),
    ...(preprocessing && { preprocessing }),
    metadata,
  };
}

function valueInfo(value: InferenceSession.ValueMetadata): ValueInfo {
  if (!value.isTensor)
    throw new ResonnxError("unsupported", { where: value.name, what: "a sequence or map, not a tensor" });
  return { name: value.name, type: value.type, shape: value.shape };
}
