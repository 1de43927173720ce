import { type Preprocessing, ResonnxError } from "@resonnx/base";
import { Builder } from "../builder/builder.ts";
import { inNode } from "../infer/in-node.ts";
import { constantInts } from "../infer/rules.ts";
import { copyGraph, likeNode } from "../ir/copy.ts";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import { integers } from "../ir/tensor.ts";
import { isStatic, printType } from "../ir/types.ts";
import { Value } from "../ir/value.ts";
import type { OpName } from "../ops/index.ts";
import { evaluate, knownShape } from "../passes/fold-constants.ts";
import type { Rewrite } from "../passes/local.ts";
import { isRecurrent, unrolled } from "../unroll/unroll.ts";
import { pictureInput } from "./pictures.ts";
import type { Weight } from "./weights.ts";

export interface TrainingCopyOptions {
  /** Which constants become graph inputs. */
  readonly weights: ReadonlyMap<Value, Weight>;
  readonly batchSize: number;
  readonly pictures: Preprocessing | undefined;
  /** Whether recurrent nodes are written out, so that they have gradients. */
  readonly unroll: boolean;
  /** Which batch normalizations take the batch's statistics. */
  trains(node: Node<"BatchNormalization">): boolean;
}

export interface TrainingCopy {
  readonly graph: Graph;
  readonly inputs: readonly Value[];
  /** What each weight has become, in order of first use. */
  readonly values: ReadonlyMap<Value, Value>;
  /** The next values of moving averages. */
  readonly updates: ReadonlyMap<Value, Value>;
}

type Inputs = readonly (Value | undefined)[];

/**
 * An inference graph for one batch size, with weights as inputs behind the model's own: sizes are known everywhere, and
 * what files compute from shapes is computed. Throws `bad-input` for inputs without known sizes.
 */
export function trainingCopy(source: Graph, options: TrainingCopyOptions): TrainingCopy {
  const { weights, batchSize, pictures } = options;
  const values = new Map<Value, Value>();
  const updates = new Map<Value, Value>();
  const graph = copyGraph(source, {
    input: (target, input) =>
      pictures ? pictureInput(target, input, batchSize, pictures) : atBatch(target, input, batchSize),
    constant(target, constant) {
      const weight = weights.get(constant);
      if (!weight) return target.constant(constant.constant!, constant.name);
      const value = target.input(weight.name, constant.type);
      values.set(constant, value);
      return value;
    },
    node(target, node, inputs) {
      if (node.is("BatchNormalization") && options.trains(node)) {
        const [y, mean, variance] = inTraining(target, node, inputs);
        updates.set(node.inputs[3]!, mean!).set(node.inputs[4]!, variance!);
        return [y!];
      }
      if (options.unroll && isRecurrent(node)) return inNode(target, node, () => unrolled(target, node, inputs));
      const outputs = likeNode(target, node, node.is("Reshape") ? reshapedTo(target, node, inputs, batchSize) : inputs);
      return outputs.length === 1 ? [folded(target, outputs[0]!)] : outputs;
    },
  });
  graph.removeDead();
  return { graph, inputs: graph.inputs.slice(0, source.inputs.length), values, updates };
}

function atBatch(target: Graph, { name = "input", type }: Value, batchSize: number): Value {
  const shape = [batchSize, ...type.shape.slice(1)];
  if (type.shape.length > 0 && isStatic(shape)) return target.input(name, { dtype: type.dtype, shape });
  throw new ResonnxError("bad-input", {
    where: `${target.name}: input "${name}"`,
    what: "training needs known sizes behind the batch",
    got: printType(type),
    hint: "say which pictures it takes (preprocessing)",
  });
}

/** A file for one batch size writes it into its shapes. */
function reshapedTo(target: Graph, { inputs: [x, shape] }: Node, inputs: Inputs, batchSize: number): Inputs {
  const dims = constantInts(shape);
  const [batch] = x!.shape;
  return dims && typeof batch === "number" && dims[0] === batch && batch !== batchSize
    ? [inputs[0], target.constant(integers([batchSize, ...dims.slice(1)]))]
    : inputs;
}

function inTraining(target: Graph, node: Node<"BatchNormalization">, inputs: Inputs) {
  const attrs = { ...node.attrs, training_mode: 1 };
  return target.append("BatchNormalization", inputs, attrs, { outputs: 3, name: node.name }).outputs;
}

/** The value, or the constant that it is for this batch size. */
function folded(target: Graph, value: Value): Value {
  const node = value.producer!;
  const rewrite: Rewrite<OpName> = node.is("Shape") ? (knownShape as Rewrite<OpName>) : evaluate;
  const found = rewrite(node, { b: new Builder(target), usedOnce: () => false });
  return found instanceof Value ? found : value;
}
