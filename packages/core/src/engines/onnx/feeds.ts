import { ResonnxError } from "@resonnx/base";
import type { StateArray, Values } from "../engine.ts";
import type { OutputPort, Port } from "./program.ts";

export type Feeds = Record<string, StateArray>;

/** `values` by the names of `ports`. Throws `bad-input` for a missing or unknown name, and for another number of elements. */
export function feedsOf(what: string, ports: readonly Port[], values: Values, count: number): Feeds {
  const named = values instanceof Float32Array ? { [onlyOf(what, ports).name]: values } : values;
  const stranger = Object.keys(named).find((name) => !ports.some((port) => port.name === name));
  if (stranger !== undefined) throw refuse(what, "a name that the model doesn't have", stranger, namesOf(ports));
  return Object.fromEntries(ports.map((port) => [port.name, arrayOf(what, port, named[port.name], count)]));
}

function arrayOf(what: string, { name, dims }: Port, data: Float32Array | undefined, count: number): StateArray {
  const size = dims.reduce((a, dim) => a * dim, count);
  if (data?.length !== size)
    throw refuse(what, `numbers for "${name}"`, `${data?.length ?? "none"}`, `${size} for [${[count, ...dims]}]`);
  return { dims: [count, ...dims], data };
}

/** Labels under their names in step graphs. Throws `bad-input` for class numbers out of range. */
export function labelFeeds(outputs: readonly OutputPort[], labels: Values, count: number): Feeds {
  const byOutput = feedsOf(
    "labels",
    outputs.map(({ name, labels: { dims } }) => ({ name, dims })),
    labels,
    count,
  );
  const entries = outputs.map((output) => {
    const array = byOutput[output.name]!;
    if (output.loss.labels === "classes") checkClasses(output.name, array.data, output.dims.at(-1)!);
    return [output.labels.name, array] as const;
  });
  return Object.fromEntries(entries);
}

function checkClasses(name: string, data: Float32Array, classes: number): void {
  const odd = data.find((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (odd !== undefined)
    throw refuse("labels", `a class number of "${name}"`, `${odd}`, `whole numbers from 0 to ${classes - 1}`);
}

/**
 * What each sample's loss is multiplied by: its own weight times that of its class; undefined for a plain mean. Of labels that
 * are spread over classes, smoothed or mixed ones, each class counts by its share.
 */
export function sampleWeightsOf(
  classWeights: readonly number[] | undefined,
  own: Float32Array | undefined,
  labels: StateArray,
  count: number,
): Float32Array | undefined {
  if (own && own.length !== count) throw refuse("sample weights", "numbers", `${own.length}`, `${count}`);
  if (!classWeights) return own;
  const classes = classWeights.length;
  return Float32Array.from({ length: count }, (_, row) => {
    const isClass = labels.dims.length === 1;
    const weight = isClass ? classWeights[labels.data[row]!]! : expected(classWeights, labels.data, row * classes);
    return weight * (own?.[row] ?? 1);
  });
}

/** The mean of the weights by the shares from `start`; the weight of the one class for a one-hot label, as in Keras. */
function expected(weights: readonly number[], shares: Float32Array, start: number): number {
  const total = weights.reduce((sum, _, i) => sum + shares[start + i]!, 0);
  return total === 0 ? 0 : weights.reduce((sum, weight, i) => sum + weight * shares[start + i]!, 0) / total;
}

function onlyOf(what: string, ports: readonly Port[]): Port {
  const [port, ...more] = ports;
  if (!port || more.length > 0) throw refuse(what, "one array for several", "one", `an object of ${namesOf(ports)}`);
  return port;
}

const namesOf = (ports: readonly Port[]): string => ports.map(({ name }) => name).join(", ");

const refuse = (where: string, what: string, got: string, wanted: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what, got, wanted });
