import { ResonnxError } from "@resonnx/base";
import {
  Builder,
  copyGraph,
  type Graph,
  gradients,
  integers,
  isStatic,
  type Rules,
  translate,
  type Value,
} from "@resonnx/onnx";
import { lastFeatures } from "./last-features.ts";

/** Names of the graph's inputs and output besides the model's own. */
export const CAM = { classes: "cam_classes", map: "cam_map" } as const;

/** What turns scores into probabilities; the paper takes the score before it. */
const SQUASHING: ReadonlySet<string> = new Set(["Softmax", "LogSoftmax", "Sigmoid"]);

export interface CamShape {
  /** Of the model's input, batch included. */
  readonly input: readonly number[];
  readonly height: number;
  readonly width: number;
  /** Of the features. */
  readonly leastPlaces: number;
}

export interface CamGraph {
  readonly graph: Graph;
  readonly classes: number;
  /** The value that is weighed, by its name in the model. */
  readonly layer: string;
  /** Its height times its width. */
  readonly places: readonly [height: number, width: number];
}

/**
 * Grad-CAM as a graph (Selvaraju et al. 2017, formulas 1 and 2): inputs are the model's own and `cam_classes`, one-hot
 * [batch, classes]; the output `cam_map` [batch, height, width] is ReLU(Σₖ αₖ Aₖ), αₖ the mean of ∂score/∂Aₖ over all
 * places, stretched to the picture. Throws `unsupported` for a model that isn't a classifier with convolutions.
 */
export function camGraph(model: Graph, shape: CamShape, rules: Rules): CamGraph {
  const graph = copyGraph(model, {
    input: (target, { name = "input", type }) => target.input(name, { ...type, shape: shape.input }),
  });
  const [[input, ...inputs], [output, ...outputs]] = [graph.inputs, graph.outputs];
  if (
    !input ||
    !output ||
    inputs.length + outputs.length > 0 ||
    output.value.rank !== 2 ||
    !isStatic(output.value.shape)
  )
    throw new ResonnxError("unsupported", {
      where: model.name,
      what: "is no classifier of pictures",
      got: `${graph.inputs.length} inputs, outputs ${graph.outputs.map(({ value }) => `[${value.shape}]`).join(" ")}`,
      wanted: "one input, one output [batch, classes]",
    });
  const scores = scoresOf(output.value);
  const { value: features, axes } = lastFeatures(graph, input, scores, shape.leastPlaces);
  const b = new Builder(graph);
  const wanted = graph.input(CAM.classes, { dtype: "float32", shape: output.value.shape });
  const [slopes] = gradients(graph, b.total(b.mul(scores, wanted)), [features]);
  const weights = b.mean(slopes!, [axes.height, axes.width], 1);
  const weighed = b.mul(features, weights);
  const map = b.relu(b.sum(b.transpose(weighed, [0, axes.channels, axes.height, axes.width]), [1], 1));
  const sizes = b.constant(integers([shape.input[0]!, 1, shape.height, shape.width]));
  const stretched = b.op("Resize", [map, undefined, undefined, sizes], {
    mode: "linear",
    coordinate_transformation_mode: "half_pixel",
  });
  graph.outputs.length = 0;
  graph.output(CAM.map, b.reshape(stretched, [shape.input[0]!, shape.height, shape.width]));
  return {
    graph: translate(graph, rules),
    classes: Number(output.value.shape[1]),
    layer: features.name ?? "the last features",
    places: [Number(features.shape[axes.height]), Number(features.shape[axes.width])],
  };
}

function scoresOf(output: Value): Value {
  const node = output.producer;
  return node && SQUASHING.has(node.op) ? node.inputs[0]! : output;
}
