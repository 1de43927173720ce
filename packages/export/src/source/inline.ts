import { ResonnxError } from "@resonnx/base";
import type { TensorRef } from "./layer-graph.ts";
import { type Call, INPUT_LAYER, type ModelTree, type TreeLayer } from "./model-tree.ts";
import type { Topology, TopologyLayer } from "./topology.ts";

/** Calls after models that are called several times have been written out: far beyond any published model. */
const MAX_CALLS = 100_000;
/** How many models a tensor may be handed through, in and out, until a layer gives it. */
const MAX_HOPS = 1_000;

/** One call of a model. */
interface Instance {
  readonly model: ModelTree;
  readonly caller?: { readonly instance: Instance; readonly call: Call };
  /** What the call, or one around it, says. */
  readonly training?: boolean | undefined;
  readonly layers: ReadonlyMap<string, TreeLayer>;
  /** Where this instance's calls of a layer begin among all calls of it. */
  readonly first: Map<TreeLayer, number>;
  /** The calls of the models inside. */
  readonly inner: Map<TreeLayer, readonly Instance[]>;
}

interface Pending extends Omit<TopologyLayer, "calls"> {
  /** Resolved once every instance is known. */
  readonly calls: { readonly instance: Instance; readonly call: Call }[];
}

/** `tree` with every model inside it replaced by its layers, named `{model}/{layer}`; each call of a model calls them again. */
export function inlineModels(tree: ModelTree, where: string): Topology {
  const inlining = new Inlining(where);
  inlining.addLayers(tree, [], true);
  const root = inlining.callModel(tree);
  const resolve = (ref: TensorRef, reader: string) => inlining.resolve(root, ref, reader);
  return {
    name: tree.name,
    layers: inlining.topologyLayers(),
    inputs: tree.inputs.map((ref) => resolve(ref, "an input")),
    outputs: tree.outputs.map((ref) => resolve(ref, "an output")),
    outputLayers: tree.outputs.map(({ layer }) => layer),
  };
}

class Inlining {
  private readonly pending = new Map<TreeLayer, Pending>();
  /** The number that a model's first call goes by: Keras leaves 0 out for functional models that it built on inputs. */
  private readonly firstNode = new Map<TreeLayer, number>();
  private readonly names = new Set<string>();
  private readonly where: string;
  private calls = 0;

  constructor(where: string) {
    this.where = where;
  }

  /** The layers of a model and of those inside it, whatever the number of their calls. Inner inputs are what the caller gives. */
  addLayers(model: ModelTree, scopes: readonly string[], trainable: boolean): void {
    const least = leastNodes(model);
    for (const layer of model.layers) {
      const path = [...scopes, layer.name];
      const own = trainable && layer.config.trainable !== false;
      this.firstNode.set(layer, least.get(layer.name) ?? 0);
      if (layer.model) this.addLayers(layer.model, path, own);
      else if (scopes.length === 0 || layer.className !== INPUT_LAYER) this.addLayer(layer, path, own);
    }
  }

  /** Registers the calls that one call of `model` makes. */
  callModel(model: ModelTree, caller?: Instance["caller"]): Instance {
    const instance: Instance = {
      model,
      ...(caller && { caller }),
      training: caller?.call.training ?? caller?.instance.training,
      layers: new Map(model.layers.map((layer) => [layer.name, layer])),
      first: new Map(),
      inner: new Map(),
    };
    for (const layer of model.layers) {
      this.count(1 + layer.calls.length);
      const { model: inner } = layer;
      if (inner)
        instance.inner.set(
          layer,
          layer.calls.map((call) => this.callModel(inner, { instance, call })),
        );
      const calls = this.pending.get(layer)?.calls;
      if (!calls) continue;
      instance.first.set(layer, calls.length);
      calls.push(...layer.calls.map((call) => ({ instance, call })));
    }
    return instance;
  }

  topologyLayers(): TopologyLayer[] {
    return [...this.pending.values()].map((layer) => ({
      ...layer,
      calls: layer.calls.map(({ instance, call }) => this.resolveCall(instance, call, `layer "${layer.name}"`)),
    }));
  }

  /** The flat layer's output that `ref` is, as seen from inside `instance`. */
  resolve(instance: Instance, ref: TensorRef, reader: string): TensorRef {
    let [at, given] = [instance, ref];
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const next = this.step(at, given, reader);
      if (!("instance" in next)) return next;
      [at, given] = [next.instance, next.ref];
    }
    throw new ResonnxError("bad-input", { where: this.where, what: `layer "${ref.layer}" depends on its own output` });
  }

  private resolveCall(instance: Instance, { inputs, named, flags, training }: Call, reader: string): Call {
    const resolve = (ref: TensorRef) => this.resolve(instance, ref, reader);
    const mode = training ?? instance.training;
    return {
      inputs: inputs.map(resolve),
      named: new Map([...named].map(([name, refs]) => [name, refs.map(resolve)])),
      flags,
      ...(mode !== undefined && { training: mode }),
    };
  }

  private step(at: Instance, ref: TensorRef, reader: string): TensorRef | { instance: Instance; ref: TensorRef } {
    const layer = at.layers.get(ref.layer);
    if (!layer) throw this.missing(ref, reader);
    if (layer.model) {
      const inner = at.inner.get(layer)?.[ref.node - this.firstNode.get(layer)!];
      const output = layer.model.outputs[ref.tensor];
      if (!inner || !output) throw this.missing(ref, reader);
      return { instance: inner, ref: output };
    }
    if (at.caller && layer.className === INPUT_LAYER) return this.fromCaller(at.model, at.caller, ref);
    if (ref.node >= layer.calls.length) throw this.missing(ref, reader);
    return { ...ref, layer: this.pending.get(layer)!.name, node: at.first.get(layer)! + ref.node };
  }

  private fromCaller({ name, inputs }: ModelTree, { instance, call }: NonNullable<Instance["caller"]>, ref: TensorRef) {
    const given = call.inputs[inputs.findIndex(({ layer }) => layer === ref.layer)];
    if (given && call.inputs.length === inputs.length) return { instance, ref: given };
    throw new ResonnxError("bad-input", {
      where: `${this.where}: model "${name}"`,
      what: "number of inputs",
      got: `${call.inputs.length}`,
      wanted: `${inputs.length}`,
    });
  }

  private addLayer(layer: TreeLayer, path: readonly string[], trainable: boolean): void {
    const plain = path.join("/");
    let name = plain;
    for (let n = 1; this.names.has(name); n++) name = `${plain}_${n}`; // a name may hold slashes itself
    this.names.add(name);
    const { className, config } = layer;
    this.pending.set(layer, { className, name, path, config, trainable, calls: [] });
  }

  private count(calls: number): void {
    this.calls += calls;
    if (this.calls > MAX_CALLS)
      throw new ResonnxError("unsupported", {
        where: this.where,
        what: "calls of layers, models inside the model written out",
        wanted: `${MAX_CALLS} at most`,
      });
  }

  private missing({ layer, node }: TensorRef, reader: string): ResonnxError {
    const what = `${reader} reads call ${node} of layer "${layer}", which isn't there`;
    return new ResonnxError("bad-input", { where: this.where, what });
  }
}

/** The least call number by which each layer is read. */
function leastNodes({ layers, outputs }: ModelTree): Map<string, number> {
  const calls = layers.flatMap((layer) => layer.calls);
  const refs = [...outputs, ...calls.flatMap(({ inputs, named }) => [...inputs, ...[...named.values()].flat()])];
  const least = new Map<string, number>();
  for (const { layer, node } of refs) least.set(layer, Math.min(node, least.get(layer) ?? node));
  return least;
}
