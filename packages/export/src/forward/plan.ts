import { ResonnxError } from "@resonnx/base";
import { ruleOf } from "../layers/index.ts";
import type { Emit, LayerRule } from "../layers/rule.ts";
import type { Layer, LayerGraph } from "../source/layer-graph.ts";
import type { Topology } from "../source/topology.ts";

/** A rule for every layer's class. Throws one `unsupported` that names all layers without, before any work. */
export function rulesFor({ layers }: Topology, where: string): Map<string, LayerRule> {
  const rules = new Map<string, LayerRule>();
  const missing = new Map<string, string[]>();
  for (const { className, name } of layers) {
    const rule = ruleOf(className);
    if (!("unsupported" in rule)) rules.set(className, rule);
    else
      missing.set(`${className} (${rule.unsupported})`, [
        ...(missing.get(`${className} (${rule.unsupported})`) ?? []),
        name,
      ]);
  }
  if (missing.size === 0) return rules;
  const list = [...missing].map(([reason, names]) => `${reason}: ${names.join(", ")}`);
  throw new ResonnxError("unsupported", { where, what: `layers without a rule: ${list.join("; ")}` });
}

/** A layer with its rule and its checked config, ready to emit calls. */
export interface PlannedLayer {
  readonly layer: Layer;
  readonly rule: LayerRule;
  readonly emit: Emit;
}

/** The called layers, in the source's order. Throws for all configs that are wrong at once, before anything is emitted. */
export function planLayers(
  source: LayerGraph,
  rules: ReadonlyMap<string, LayerRule>,
  where: string,
): Map<Layer, PlannedLayer> {
  const called = new Set(source.calls.map(({ layer }) => layer));
  const planned = new Map<Layer, PlannedLayer>();
  const wrong: ResonnxError[] = [];
  for (const layer of source.layers) {
    if (!called.has(layer)) continue;
    const rule = rules.get(layer.className)!; // rulesFor has seen every layer
    try {
      planned.set(layer, { layer, rule, emit: rule.prepare(layer.config, `${where}: layer "${layer.name}"`, ruleOf) });
    } catch (error) {
      if (!(error instanceof ResonnxError)) throw error;
      wrong.push(error);
    }
  }
  const [first, ...more] = wrong;
  if (!first) return planned;
  if (more.length === 0) throw first;
  const code = wrong.every((error) => error.code === "unsupported") ? "unsupported" : "bad-input";
  const texts = wrong.map(({ message }) => message.replace(`${where}: `, ""));
  throw new ResonnxError(code, { where, what: `${wrong.length} layers: ${texts.join("; ")}` });
}
