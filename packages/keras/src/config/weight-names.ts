import { ResonnxError } from "@resonnx/base";
import { isObject, type LayerEntry } from "./model-config.ts";

/** The weights of each layer of the first level, in their order. Throws `bad-input` for a weight of no layer. */
export function weightsByLayer<W extends { readonly name: string }>(
  weights: readonly W[],
  layers: readonly LayerEntry[],
  where: string,
): Map<LayerEntry, W[]> {
  const groups = new Map(layers.map((layer): [LayerEntry, W[]] => [layer, []]));
  for (const weight of weights) {
    const owner = ownerOf(weight.name, layers);
    const group = owner && groups.get(owner);
    if (!group) throw new ResonnxError("bad-input", { where, what: `the weight ${weight.name} belongs to no layer` });
    group.push(weight);
  }
  return groups;
}

/** The layer of the first level that a tfjs weight (`conv1/kernel`) belongs to; a longer layer name wins. */
function ownerOf(weight: string, layers: readonly LayerEntry[]): LayerEntry | undefined {
  let owner: LayerEntry | undefined;
  let longest = 0;
  for (const layer of layers) {
    for (const { name } of withInner(layer)) {
      if (name.length > longest && weight.startsWith(`${name}/`)) [owner, longest] = [layer, name.length];
    }
  }
  return owner;
}

/**
 * The names tfjs expects for the weights that Keras lists under `layer`: `{layer}/{weight}`, in nested models the inner layer's.
 *
 * Keras' own names also carry `:0`, the models around the layer (`model/dense/kernel`), the cell inside it (`lstm/lstm_cell/bias`),
 * and in files of the TensorFlow 1 years the scope of a second build (`conv1_1/kernel` for conv1).
 */
export function tfjsWeightNames(kerasNames: readonly string[], layer: LayerEntry): string[] {
  const places = kerasNames.map((name) => locate(name.replace(/:\d+$/, ""), layer));
  return places.map(({ target, scope, weight }) => {
    const rule = Object.hasOwn(RULES, target.className) ? RULES[target.className] : undefined;
    if (!rule) return `${target.name}/${weight}`;
    const scopes = places.filter((place) => place.target === target).map((place) => place.scope);
    return [target.name, ...rule(target, scope, weight, [...new Set(scopes)])].join("/");
  });
}

/** A weight's layer, the scopes between the layer's name and its own, and its own name. */
interface Place {
  readonly target: LayerEntry;
  readonly scope: string;
  readonly weight: string;
}

/** What follows the layer's name where that isn't just the weight's. `scopes` are all scopes of the layer, in the file's order. */
type Rule = (layer: LayerEntry, scope: string, weight: string, scopes: readonly string[]) => string[];

/** Keras 3 has another name for the same kernel. */
const depthwise: Rule = (_layer, _scope, weight) => [weight === "kernel" ? "depthwise_kernel" : weight];

const firstFolder = (scope: string): string => scope.split("/")[0]!;

const RULES: { readonly [className: string]: Rule } = {
  Bidirectional: ({ config }, scope, weight, scopes) => {
    const inner = isObject(config.layer) && isObject(config.layer.config) ? config.layer.config.name : undefined;
    const own = firstFolder(scope);
    // A backward layer of one's own has a name of its own in Keras 3, and comes second.
    const second = [...new Set(scopes.map(firstFolder))].indexOf(own) === 1 && !/(^|\/)forward_/.test(scope);
    const side = `${second || /(^|\/)backward_/.test(scope) ? "backward" : "forward"}_${inner}`;
    const cells = scopes.filter((other) => firstFolder(other) === own);
    return cells.length > 1 ? [side, `RNNCell_${cells.indexOf(scope)}`, weight] : [side, weight];
  },
  RNN: ({ config }, scope, weight, scopes) => {
    const stacked = isObject(config.cell) && config.cell.class_name === "StackedRNNCells";
    return stacked ? [`RNNCell_${scopes.indexOf(scope)}`, weight] : [weight];
  },
  // Whatever it wraps has the wrapper's name, but for the two directions of a Bidirectional.
  TimeDistributed: (_layer, scope, weight) => [
    ...scope.split("/").filter((folder) => /^(for|back)ward_/.test(folder)),
    weight,
  ],
  MultiHeadAttention: (_layer, scope, weight) => [scope, weight],
  GroupQueryAttention: (_layer, scope, weight) => [scope, weight],
  DepthwiseConv1D: depthwise,
  DepthwiseConv2D: depthwise,
};

function locate(path: string, layer: LayerEntry): Place {
  const { target, rest } = innermost(path, layer);
  return { target, scope: rest.slice(0, -1).join("/"), weight: rest.at(-1) ?? "" };
}

/** The layer that stands last in the path; without any, the first scope is taken for a second build of one. */
function innermost(path: string, layer: LayerEntry): { target: LayerEntry; rest: string[] } {
  let found: { target: LayerEntry; rest: string[] } | undefined;
  let latest = -1;
  for (const target of withInner(layer)) {
    const at = `/${path}`.lastIndexOf(`/${target.name}/`);
    if (at > latest) [latest, found] = [at, { target, rest: path.slice(at + target.name.length + 1).split("/") }];
  }
  if (found) return found;
  const [scope = "", ...rest] = path.split("/");
  const builtAgain = scope.replace(/_\d+$/, "");
  const target = layer.inner.flatMap(withInner).find(({ name }) => name === builtAgain) ?? layer;
  return { target, rest: rest.length > 0 ? rest : [scope] };
}

function withInner(layer: LayerEntry): LayerEntry[] {
  return [layer, ...layer.inner.flatMap(withInner)];
}
