import { ResonnxError } from "@resonnx/base";
import type { Graph, Value } from "@resonnx/onnx";

/** The picture of features that Grad-CAM looks at: [batch, channels, height, width] in the order that `axes` tells. */
export interface Features {
  readonly value: Value;
  readonly axes: FeatureAxes;
}

/** Which axis of a value is what. */
export interface FeatureAxes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** As ONNX's convolutions have them. */
const CONVOLUTION: FeatureAxes = { channels: 1, height: 2, width: 3 };

/**
 * The last convolution's features, with what follows it place by place (bias, normalization, shortcut, activation): the
 * last value before pooling or flattening through which everything from `input` to `output` passes. Selvaraju et al. 2017,
 * section 3: it has the best compromise of meaning and detail. With fewer than `least` places (height times width) an
 * earlier one is taken, where there is one: in small pictures a deep network ends with 2 x 2 places, which show nothing.
 * Throws `unsupported` for a network without one.
 */
export function lastFeatures(graph: Graph, input: Value, output: Value, least: number): Features {
  const influenced = new Set([input]);
  const found = bottlenecks(graph, influenced, output).flatMap((value): Features[] => {
    const axes = axesOf(value, influenced);
    return axes && places(value, axes) > 1 ? [{ value, axes }] : [];
  });
  const last = found.findLast(({ value, axes }) => places(value, axes) >= least) ?? found.at(-1);
  if (last) return last;
  throw new ResonnxError("unsupported", {
    where: graph.name,
    what: "has no convolution whose features could be shown on the picture",
    wanted: "2D convolutions that everything passes, with more than one place left",
  });
}

/** The values without which nothing of the input reaches the output, in order; fills `influenced` with all that depend on it. */
function bottlenecks(graph: Graph, influenced: Set<Value>, output: Value): Value[] {
  const path = graph.orderOf([output]).filter((node) => {
    const touched = node.inputs.some((each) => each && influenced.has(each));
    if (touched) for (const each of node.outputs) influenced.add(each);
    return touched;
  });
  const onPath = new Set(path);
  const unread = new Map([...influenced].map((value) => [value, [...value.users].filter((u) => onPath.has(u)).length]));
  const live = new Set<Value>();
  const passed: Value[] = [];
  for (const node of path) {
    for (const value of new Set(node.inputs)) {
      if (!value || !influenced.has(value)) continue;
      unread.set(value, unread.get(value)! - 1);
      if (unread.get(value) === 0) live.delete(value);
      else live.add(value);
    }
    for (const value of node.outputs) if (value === output || unread.get(value)! > 0) live.add(value);
    if (live.size === 1) passed.push(...live);
  }
  return [...new Set(passed)];
}

/** The axes of a value that keeps the places of a convolution's output; undefined when there is none behind it. */
function axesOf(value: Value, influenced: ReadonlySet<Value>): FeatureAxes | undefined {
  let here: Value | undefined = value;
  /** Axis i of `value` is axis `order[i]` of `here`. */
  let order = value.shape.map((_, axis) => axis);
  while (here?.rank === 4 && here.producer) {
    const node: NonNullable<Value["producer"]> = here.producer;
    if (node.is("Conv") || node.is("ConvTranspose")) return movedTo(order, CONVOLUTION);
    const perm = node.is("Transpose") ? node.attrs.perm : undefined;
    const from: Value | undefined = node.inputs.find((input) => input?.rank === 4 && influenced.has(input));
    if (perm) order = order.map((axis) => perm[axis]!);
    else if (!from || !samePlaces(here, from)) return undefined;
    here = from;
  }
  return undefined;
}

const movedTo = (order: readonly number[], { channels, height, width }: FeatureAxes): FeatureAxes => ({
  channels: order.indexOf(channels),
  height: order.indexOf(height),
  width: order.indexOf(width),
});

/** Whether an operator may have changed channels alone: pooling, padding and resizing change two sizes. */
const samePlaces = (a: Value, b: Value): boolean => a.shape.filter((dim, axis) => dim !== b.shape[axis]).length <= 1;

const places = ({ shape }: Value, { height, width }: FeatureAxes): number =>
  Number(shape[height]) * Number(shape[width]);
