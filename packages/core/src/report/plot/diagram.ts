import type * as tf from "@tensorflow/tfjs";
import type { Layer } from "../../models/upstream.ts";

/** One layer as it is drawn. */
export interface Box {
  readonly id: string;
  readonly name: string;
  /** The class of the layer: Conv2D. */
  readonly type: string;
  /** Shapes as Keras prints them, one for each input and output. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The frame around it; undefined for the outermost model's layers. */
  readonly frame: string | undefined;
}

/** A model inside the model. */
export interface Frame {
  readonly id: string;
  readonly title: string;
  readonly frame: string | undefined;
}

/** A model's architecture as a graph to be drawn. */
export interface Diagram {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

type Node = Layer["inboundNodes"][number];
type Nested = Layer & Pick<tf.LayersModel, "inputs" | "outputs" | "nodesByDepth" | "layers">;

/** The layers of a model and of those inside it, and who reads from whom. */
export function diagramOf(model: tf.LayersModel): Diagram {
  const parts = partsOf(model, undefined);
  return { title: model.name, ...parts };
}

type Parts = Omit<Diagram, "title">;

function partsOf(model: Pick<tf.LayersModel, "nodesByDepth">, frame: string | undefined): Parts {
  const depths = Object.entries(model.nodesByDepth).sort(([a], [b]) => Number(b) - Number(a)); // inputs first
  const nodes = depths.flatMap(([, each]) => each);
  const layers = [...new Set(nodes.map(({ outboundLayer }) => outboundLayer))];
  const edges = nodes.flatMap((node) => edgesInto(node, frame));
  const parts = layers.map((layer): Parts => {
    if (!isNested(layer)) return { boxes: [boxOf(layer, nodes, frame)], frames: [], edges: [] };
    const id = idOf(layer, frame);
    const inner = partsOf(layer, id);
    const own = { id, title: `${layer.name} (${layer.getClassName()})`, frame };
    return { ...inner, frames: [own, ...inner.frames] };
  });
  return {
    boxes: parts.flatMap(({ boxes }) => boxes),
    frames: parts.flatMap(({ frames }) => frames),
    edges: unique([...edges, ...parts.flatMap((part) => part.edges)]),
  };
}

/** From each layer that the node reads to its own; a model inside is entered and left at its own inputs and outputs. */
function edgesInto(node: Node, frame: string | undefined): { from: string; to: string }[] {
  return node.inboundLayers.map((source, i) => ({
    from: leaving(source, node.tensorIndices[i] ?? 0, frame),
    to: entering(node.outboundLayer, i, frame),
  }));
}

function leaving(layer: Layer, index: number, frame: string | undefined): string {
  const output = isNested(layer) ? layer.outputs[index] : undefined;
  return output ? leaving(output.sourceLayer, output.tensorIndex, idOf(layer, frame)) : idOf(layer, frame);
}

function entering(layer: Layer, index: number, frame: string | undefined): string {
  const input = isNested(layer) ? layer.inputs[index] : undefined;
  return input ? entering(input.sourceLayer, 0, idOf(layer, frame)) : idOf(layer, frame);
}

/** Names are unique in one model only. */
const idOf = (layer: Layer, frame: string | undefined): string =>
  frame === undefined ? layer.name : `${frame}/${layer.name}`;

const isNested = (layer: Layer): layer is Nested => "nodesByDepth" in layer && "layers" in layer;

function boxOf(layer: Layer, nodes: readonly Node[], frame: string | undefined): Box {
  const own = nodes.filter(({ outboundLayer }) => outboundLayer === layer);
  const shapes = (side: "inputShapes" | "outputShapes") => [
    ...new Set(own.flatMap((node) => (node[side] as tf.Shape[]).map(tuple))), // a shape for each tensor
  ];
  const outputs = shapes("outputShapes");
  const inputs = shapes("inputShapes");
  const isInput = inputs.length === 0; // Keras says what goes into an input layer: what comes out
  const type = layer.getClassName();
  return { id: idOf(layer, frame), name: layer.name, type, inputs: isInput ? outputs : inputs, outputs, frame };
}

function tuple(shape: tf.Shape): string {
  const sizes = shape.map((size) => size ?? "None");
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}

const unique = (edges: readonly { from: string; to: string }[]) => [
  ...new Map(edges.map((edge) => [`${edge.from}\n${edge.to}`, edge])).values(),
];
