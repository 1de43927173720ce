import { ResonnxError } from "@resonnx/base";
import type { Graph } from "../ir/graph.ts";
import type { Node } from "../ir/node.ts";
import type { Value } from "../ir/value.ts";
import { BATCH_NORM_MOMENTUM } from "../ops/normalization.ts";
import type { TrainableParameter } from "./step.ts";
import type { Phase } from "./update-rule.ts";

/** A moving average of a normalization. */
export interface MovingAverage {
  readonly name: string;
  readonly parameter: Value;
  /** What it moves towards, in the place of a gradient: the batch's own statistic. */
  readonly gradient: Value;
  readonly momentum: number;
}

/**
 * Has every normalization give the batch's statistics, by a momentum of 0, instead of each moving its averages itself:
 * so they can be moved all at once.
 */
export function movingAverages(graph: Graph, parameters: readonly TrainableParameter[]): MovingAverage[] {
  const made = new Map<Node, readonly Value[]>();
  return parameters.flatMap(({ name, value, update }) => {
    if (!update) return [];
    const node = update.producer;
    if (!node?.is("BatchNormalization"))
      throw new ResonnxError("internal", {
        where: name,
        what: "its update is no moving average of a BatchNormalization",
      });
    const outputs = made.get(node) ?? withStatistics(graph, node);
    made.set(node, outputs);
    const { momentum = BATCH_NORM_MOMENTUM } = node.attrs;
    return [{ name, parameter: value, gradient: outputs[node.outputs.indexOf(update)]!, momentum }];
  });
}

function withStatistics(graph: Graph, node: Node<"BatchNormalization">): readonly Value[] {
  const { inputs, attrs, outputs, name } = node;
  const other = graph.append(
    "BatchNormalization",
    inputs,
    { ...attrs, momentum: 0 },
    { outputs: outputs.length, name },
  );
  other.origins = node.origins;
  graph.replaceAllUses(node.output, other.output);
  return other.outputs;
}

/** average · momentum + statistic · (1 - momentum), and the phase's average of that; those of one momentum as one array. */
export function moving(averages: readonly MovingAverage[], phase: Phase): Pick<Phase, "factor" | "apply"> {
  const momenta = new Map(averages.map(({ name, momentum }) => [name, momentum]));
  const factor = (name: string): number => momenta.get(name)!;
  return {
    factor,
    apply: (math, all, scalars) =>
      all.map(({ name, parameter, gradient: statistic, slots }) => {
        const momentum = factor(name);
        const next = math.add(math.mul(parameter, momentum), math.mul(statistic, 1 - momentum));
        return { parameter: next, slots: slots.map((slot) => phase.average!(math, slot, next, scalars)) };
      }),
  };
}
