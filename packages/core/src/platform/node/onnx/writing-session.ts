import { reasonOf } from "@resonnx/base";
import { withSequenceOutput } from "@resonnx/onnx";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Fetches, RunSession, Tensors } from "../../../engines/onnx/runtime.ts";

/** Comes before all other outputs. */
const END = "resonnx/end of run";
/** What onnxruntime-node says when it comes to an output that is no tensor. */
const NO_TENSOR = "Non tensor type";

/**
 * A session whose results are the arrays that it wrote into. onnxruntime-node 1.30 writes into arrays that it is given, but
 * then copies every output into a new array all the same (mended by microsoft/onnxruntime#32346, which is open): for
 * ResNet50's weights and Adam's arrays 282 MB and a sixth of the time of a step. It gives up, after the run, at an output
 * that it can't copy; one that comes first keeps it from copying any.
 */
export class WritingSession implements RunSession {
  readonly #session: InferenceSession;
  /** The sizes of the outputs; none for those that are only known after a run. */
  readonly #shapes: ReadonlyMap<string, readonly number[]>;

  private constructor(session: InferenceSession) {
    this.#session = session;
    this.#shapes = new Map(
      session.outputMetadata.flatMap((output) =>
        output.isTensor && output.type === "float32" && output.shape.every((dim) => typeof dim === "number")
          ? [[output.name, output.shape.map(Number)] as const]
          : [],
      ),
    );
  }

  static async create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<WritingSession> {
    return new WritingSession(await InferenceSession.create(withSequenceOutput(bytes, END), options));
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  async run(feeds: Tensors, fetches: Fetches): Promise<Tensors> {
    const unknown = Object.keys(fetches).some((name) => !fetches[name] && !this.#shapes.has(name));
    if (unknown) return this.#session.run(feeds, fetches);
    const arrays = Object.fromEntries(
      Object.entries(fetches).map(([name, given]) => [name, given ?? emptyTensor(this.#shapes.get(name)!)] as const),
    );
    try {
      await this.#session.run(feeds, { ...arrays, [END]: null });
    } catch (error) {
      if (!reasonOf(error).includes(NO_TENSOR)) throw error;
    }
    return arrays;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

const emptyTensor = (dims: readonly number[]): Tensor =>
  new Tensor("float32", new Float32Array(dims.reduce((size, dim) => size * dim, 1)), dims);
