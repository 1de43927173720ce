import { ResonnxError } from "@resonnx/base";
import { type Graph, isStatic, type Shape, type Value } from "@resonnx/onnx";

/** What each number of an array is drawn from, independently. */
export type Draw =
  /** 0 with probability `rate`, else `value`. */
  | { readonly from: "keep"; readonly rate: number; readonly value: number }
  /** The normal distribution of mean 0 and standard deviation 1. */
  | { readonly from: "normal" };

/** An input of a training graph that wants new random numbers at every step. */
export interface RandomInput {
  readonly name: string;
  readonly dims: readonly number[];
  readonly draw: Draw;
}

/**
 * The random numbers of dropout and noise layers, as graph inputs `random/{layer}`: whoever runs the graph draws them.
 * A generator inside the graph would have to be made of integer operators that WebGPU lacks, and onnxruntime's own
 * random operators start from a seed of the session, not of the step. As inputs the numbers are the same on every
 * backend, and a resumed run repeats them bit for bit; they cost their drawing (30 ns a number) and their upload.
 */
export class Draws {
  readonly inputs: RandomInput[] = [];
  private readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Throws `unsupported` when a size is unknown: random numbers are drawn for one batch size. */
  add(layer: string, draw: Draw, shape: Shape, where: string): Value {
    if (!isStatic(shape))
      throw new ResonnxError("unsupported", {
        where,
        what: "random numbers for unknown sizes",
        got: `[${shape}]`,
        wanted: "a batch size",
      });
    const taken = this.inputs.filter(({ name }) => name === `random/${layer}` || name.startsWith(`random/${layer}#`));
    const name = `random/${layer}${taken.length === 0 ? "" : `#${taken.length + 1}`}`;
    this.inputs.push({ name, dims: shape, draw });
    return this.graph.input(name, { dtype: "float32", shape });
  }
}
