import { ResonnxError } from "@resonnx/base";
import { isObject, type JsonObject } from "../config/json.ts";
import type { LayerWeight } from "./layer-graph.ts";
import type { TopologyLayer } from "./topology.ts";
import type { NamedTensor } from "./weights.ts";

/** More scopes than any weight's name has. */
const MAX_SCOPES = 64;

/** One way to read a weight's name: which layer, and what stands behind the layer's name. */
interface Reading {
  readonly layer: TopologyLayer;
  readonly rest: string;
  /** How well it fits, most important first. */
  readonly rank: readonly number[];
}

/**
 * Weights by the layer that their names lead to: `dense/kernel`, `outer/inner/dense/kernel`, `lstm/lstm_cell/kernel`. Layers of one
 * name in several models get theirs in the order of the layers, as Keras writes them. Throws `bad-input` for a weight without a layer.
 */
export function weightsByLayer(
  layers: readonly TopologyLayer[],
  weights: readonly NamedTensor[],
  where: string,
): Map<string, LayerWeight[]> {
  const byOwnName = new Map<string, TopologyLayer[]>();
  for (const layer of layers) {
    const name = layer.path.at(-1)!;
    const same = byOwnName.get(name);
    if (same) same.push(layer);
    else byOwnName.set(name, [layer]);
  }
  const found = new Map<string, { rest: string; weight: LayerWeight }[]>();
  const fullNames = new Set<string>();
  let latest: string | undefined;
  for (const { name, data } of weights) {
    const readings = readingsOf(name, byOwnName, where);
    const [best] = readings;
    if (!best) throw new ResonnxError("bad-input", { where, what: `weight "${name}" belongs to no layer` });
    const free = ({ layer, rest }: Reading) => !found.get(layer.name)?.some((taken) => taken.rest === rest);
    const equals = readings.filter((one) => compare(one, best) === 0 && free(one));
    // A layer's weights mostly stand together.
    const reading = equals.find(({ layer }) => layer.name === latest) ?? equals[0];
    if (!reading) throw new ResonnxError("bad-input", { where, what: `weight "${name}" is there twice` });
    const fullName = fullNames.has(name) ? `${reading.layer.name}/${reading.rest}` : name;
    fullNames.add(fullName);
    const path = reading.rest.split("/");
    const weight = { name: path.at(-1)!, path, fullName, data };
    latest = reading.layer.name;
    const own = found.get(reading.layer.name) ?? [];
    own.push({ rest: reading.rest, weight });
    found.set(reading.layer.name, own);
  }
  return new Map([...found].map(([layer, own]) => [layer, own.map(({ weight }) => weight)]));
}

/** All readings, the best first; among equals in the order of the layers. */
function readingsOf(name: string, byOwnName: ReadonlyMap<string, TopologyLayer[]>, where: string): Reading[] {
  const scopes = name.split("/");
  if (scopes.length > MAX_SCOPES)
    throw new ResonnxError("bad-input", { where, what: `weight "${name.slice(0, 60)}..."`, wanted: "a shorter name" });
  const readings: Reading[] = [];
  for (let start = 0; start < scopes.length - 1; start++)
    for (let end = start + 1; end < scopes.length; end++) {
      const before = new Set(scopes.slice(0, start));
      for (const layer of byOwnName.get(scopes.slice(start, end).join("/")) ?? []) {
        const models = layer.path.slice(0, -1).filter((model) => before.has(model)).length;
        const wrapped = scopes.slice(end, -1).some((scope) => scope.endsWith(wrappedName(layer.config))) ? 1 : 0;
        readings.push({
          layer,
          rest: scopes.slice(end).join("/"),
          rank: [models, wrapped, start === 0 ? 1 : 0, end - start, start],
        });
      }
    }
  return readings.sort(compare);
}

function compare(a: Reading, b: Reading): number {
  const differing = a.rank.findIndex((part, i) => part !== b.rank[i]);
  return differing < 0 ? 0 : b.rank[differing]! - a.rank[differing]!;
}

/** The name of the layer that a wrapper holds, which its weights carry: `forward_lstm`. */
function wrappedName({ layer }: JsonObject): string {
  const name = isObject(layer) && isObject(layer.config) ? layer.config.name : undefined;
  return typeof name === "string" ? name : "/"; // no scope has a slash
}
