import { type ModelMetadata, type Preprocessing, ResonnxError, readMetadata, writeMetadata } from "@resonnx/base";
import { copyGraph } from "../ir/copy.ts";
import type { Graph } from "../ir/graph.ts";
import { floats, type TensorOf } from "../ir/tensor.ts";
import { sizeOf } from "../ir/types.ts";
import type { Value } from "../ir/value.ts";
import { dropIdentities } from "../passes/drop-identities.ts";
import { foldConstants } from "../passes/fold-constants.ts";
import { optimize } from "../passes/pass.ts";
import { decode } from "../proto/decode.ts";
import { describe } from "../proto/describe.ts";
import { DEFAULT_OPSET, encode } from "../proto/encode.ts";
import { OPSETS } from "../schema/schema.ts";
import type { TrainableParameter } from "../step/step.ts";
import { type HeadOptions, replaceHead } from "./head.ts";
import { trainingCopy } from "./training-copy.ts";
import { unsharedWeights } from "./unshared-weights.ts";
import { type BatchNormMode, hasOwnStatistics, type Weight, weightsOf } from "./weights.ts";

export interface OnnxModelOptions {
  /** A new classifier; without it the model keeps its own outputs. */
  readonly head?: HeadOptions | undefined;
  /** `frozen` by default. */
  readonly batchNorm?: BatchNormMode | undefined;
  /**
   * How pictures become its input: training then takes pictures [count, height, width, channels] in [0, 1], RGB or grey,
   * and does that itself. By default what the file says; `null` hands over whatever it is trained on as it is.
   */
  readonly pictures?: Preprocessing | null | undefined;
  /** The file, for errors. */
  readonly where?: string | undefined;
}

export interface OnnxForwardOptions {
  readonly training: boolean;
  readonly batchSize: number;
  /** Weights that training leaves as they are, by name; a normalization all of whose weights are left works as at inference. */
  readonly frozen?: ((weight: string) => boolean) | undefined;
}

export interface OnnxParameter extends Omit<TrainableParameter, "update"> {
  readonly data: TensorOf<"float32">;
  readonly update?: Value;
}

/** A model's forward pass for one batch size; weights are graph inputs by their initializers' names. */
export interface OnnxForward {
  readonly graph: Graph;
  readonly inputs: readonly Value[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  /** In order of first use. */
  readonly parameters: readonly OnnxParameter[];
}

type Arrays = Readonly<Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>>;

/** The model of an `.onnx` file, to be trained and written again. */
export class OnnxModel {
  readonly name: string;
  /** What training takes: see OnnxModelOptions. */
  readonly pictures: Preprocessing | undefined;
  readonly #bytes: Uint8Array;
  /** In inference form. */
  readonly #graph: Graph;
  readonly #weights: ReadonlyMap<Value, Weight>;
  readonly #newHead: boolean;

  /**
   * Throws `bad-input` for bytes that are no ONNX model, for a cut that it doesn't have and for a model without weights,
   * `unsupported` for operators without a rule.
   */
  constructor(bytes: Uint8Array, options: OnnxModelOptions = {}) {
    const { head, batchNorm = "frozen", where = "model.onnx" } = options;
    const graph = decode(bytes, where);
    optimize(graph, [unsharedWeights, foldConstants, dropIdentities]); // weights that files transpose or copy before they are read
    if (head) replaceHead(graph, head);
    this.name = graph.name;
    this.pictures =
      options.pictures === undefined ? readMetadata(bytes).preprocessing : (options.pictures ?? undefined);
    this.#bytes = bytes;
    this.#graph = graph;
    this.#weights = weightsOf(graph, batchNorm);
    this.#newHead = head !== undefined;
    if (![...this.#weights.values()].some(({ trainable }) => trainable))
      throw new ResonnxError("bad-input", { where, what: "has no float32 weights to train" });
  }

  /** The number of elements of all weights. */
  get parameters(): number {
    return [...this.#weights.keys()].reduce((sum, { constant }) => sum + sizeOf(constant!.dims), 0);
  }

  /** Whether its only output is a Softmax over classes. */
  get isClassifier(): boolean {
    const [output, ...more] = this.#graph.outputs;
    return more.length === 0 && output?.value.rank === 2 && output.value.producer?.op === "Softmax";
  }

  /** The names of all weights, in order of first use. */
  get weightNames(): readonly string[] {
    return [...this.#weights.values()].map(({ name }) => name);
  }

  /** Throws `bad-input` for a model whose sizes aren't known. */
  forward({ training, batchSize, frozen = () => false }: OnnxForwardOptions): OnnxForward {
    const stays = (value: Value): boolean => {
      const weight = this.#weights.get(value);
      return !weight || frozen(weight.name);
    };
    const copy = trainingCopy(this.#graph, {
      weights: this.#weights,
      batchSize,
      pictures: this.pictures,
      unroll: training,
      trains: (node) => training && hasOwnStatistics(node) && !node.inputs.slice(1).every((value) => stays(value!)),
    });
    const parameters = [...copy.values].map(([constant, value]) => {
      const { name, trainable } = this.#weights.get(constant)!;
      const data = constant.constant as TensorOf<"float32">; // weightsOf takes no others
      const update = copy.updates.get(constant);
      return { name, value, data, trainable: trainable && !frozen(name), ...(update && { update }) };
    });
    return { graph: copy.graph, inputs: copy.inputs, outputs: copy.graph.outputs.slice(), parameters };
  }

  /**
   * The `.onnx` file with these weights, by name; those that are missing stay. It says of itself what the old one said,
   * where `metadata` doesn't: a new head's labels are only in `metadata`. Throws `bad-input` for an array of another size.
   */
  toBytes(arrays: Arrays, metadata: ModelMetadata = {}): Uint8Array {
    const graph = copyGraph(this.#graph, {
      constant: (target, value) => {
        const name = this.#weights.get(value)?.name;
        const array = name === undefined ? undefined : arrays[name];
        const data = array ? floats(value.constant!.dims, array.data) : value.constant!;
        return target.constant(data, name ?? value.name);
      },
    });
    const { opsets, metadata: props } = describe(this.#bytes);
    const opset = opsets[""] ?? DEFAULT_OPSET;
    const known = opset >= OPSETS.least && opset <= OPSETS.most;
    const { labels, ...told } = readMetadata(this.#bytes);
    const kept = this.#newHead || !labels ? told : { ...told, labels };
    return writeMetadata(encode(graph, { opset: known ? opset : DEFAULT_OPSET, metadata: props }), {
      ...kept,
      ...metadata,
    });
  }
}
