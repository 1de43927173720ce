import { ResonnxError } from "@resonnx/base";
import { type Graph, printType, type Tensor, type Value } from "@resonnx/onnx";
import type { ForwardOptions } from "./forward.ts";
import type { PlannedLayer } from "./plan.ts";

/** One weight of the model in the forward graph. */
export interface Parameter {
  /** The source's name, `conv1/kernel`; a graph input of that name with `weights: "inputs"`. */
  readonly name: string;
  readonly layer: string;
  /** In the source's layout. */
  readonly value: Value;
  readonly data: Tensor;
  /** False for moving statistics, and for all weights of a frozen layer. */
  readonly trainable: boolean;
  /** The value after this step, for state that the forward pass itself moves on (BatchNormalization in training). */
  readonly update?: Value;
}

interface Entry {
  readonly parameter: Parameter;
  /** Folders and name below the layer's. */
  readonly path: readonly string[];
  /** By the caller, not by its layer. */
  readonly isFrozen: boolean;
  read: boolean;
  update?: Value;
}

/** The weights of the planned layers as values, made in the source's order, and what happened to them. */
export class Parameters {
  private readonly entries: Entry[] = [];
  private readonly byLayer = new Map<string, Entry[]>();

  constructor(
    graph: Graph,
    layers: Iterable<PlannedLayer>,
    { weights, frozen = () => false }: Pick<ForwardOptions, "weights" | "frozen">,
  ) {
    for (const { layer, rule } of layers) {
      const own: Entry[] = [];
      for (const { name, path, fullName, data } of layer.weights) {
        const type = { dtype: data.dtype, shape: data.dims };
        const value = weights === "inputs" ? graph.input(fullName, type) : graph.constant(data, fullName);
        const isFrozen = frozen(fullName);
        const trainable = layer.trainable && !isFrozen && !rule.state.includes(name);
        const parameter = { name: fullName, layer: layer.name, value, data, trainable };
        own.push({ parameter, path, isFrozen, read: false });
      }
      this.entries.push(...own);
      this.byLayer.set(layer.name, own);
    }
  }

  /** Whether a layer has weights and all of them are frozen by the caller. */
  isFrozen(layer: string): boolean {
    const own = this.byLayer.get(layer) ?? [];
    return own.length > 0 && own.every(({ isFrozen }) => isFrozen);
  }

  /** The folders that a layer's weights lie in, each once, in the source's order. */
  scopes(layer: string): readonly string[] {
    return [...new Set((this.byLayer.get(layer) ?? []).map(({ path }) => path.slice(0, -1).join("/")))];
  }

  weight(layer: string, name: string, rank: number, where: string): Value {
    const entry = this.find(layer, name, where);
    const { value } = entry.parameter;
    if (value.rank !== rank)
      throw new ResonnxError("bad-input", {
        where,
        what: `weight "${name}"`,
        got: printType(value.type),
        wanted: `rank ${rank}`,
      });
    entry.read = true;
    return value;
  }

  update(layer: string, name: string, value: Value, where: string): void {
    const entry = this.find(layer, name, where);
    if (entry.update)
      throw new ResonnxError("unsupported", {
        where,
        what: `training a layer that is called twice and moves "${name}" on each time`,
      });
    entry.update = value;
  }

  /** Throws when a weight was read by no rule: the config and the weights disagree. */
  all(where: string): Parameter[] {
    const unread = this.entries.filter(({ read }) => !read).map(({ parameter }) => parameter.name);
    if (unread.length > 0)
      throw new ResonnxError("bad-input", {
        where,
        what: `weights that their layers don't have: ${unread.join(", ")}`,
      });
    return this.entries.map(({ parameter, update }) => (update ? { ...parameter, update } : parameter));
  }

  private find(layer: string, name: string, where: string): Entry {
    const own = this.byLayer.get(layer) ?? [];
    const [found, ...more] = own.filter(({ path }) => leadsTo(name.split("/"), path));
    if (!found || more.length > 0)
      throw new ResonnxError("bad-input", {
        where,
        what: `weight "${name}" is ${found ? "there more than once" : "missing"}`,
        got: own.map(({ path }) => path.join("/")).join(", ") || "no weights",
      });
    return found;
  }
}

/** Whether `path` is `name` with folders put in: some versions of TensorFlow write lstm/lstm_cell/kernel, others lstm/kernel. */
function leadsTo(name: readonly string[], path: readonly string[]): boolean {
  const folders = name.slice(0, -1);
  let at = 0;
  for (const folder of path.slice(0, -1)) if (folder === folders[at]) at++;
  return at === folders.length && name.at(-1) === path.at(-1);
}
