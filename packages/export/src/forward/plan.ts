import { ResonnxError } from "@resonnx/base";
import type { Value } from "@resonnx/onnx";
import { ruleOf } from "../layers/index.ts";
import type { CallContext, LayerRule } from "../layers/rule.ts";
import type { Layer, LayerGraph } from "../source/layer-graph.ts";

/** A layer with its rule and its checked config, ready to emit calls. */
export interface PlannedLayer {
  readonly layer: Layer;
  readonly rule: LayerRule;
  emit(context: CallContext): readonly Value[];
}

/**
 * The called layers, in the source's order, with their rules. Nothing is emitted before every layer has one: throws one
 * `unsupported` that names all classes without, then `bad-input` for the first config that is wrong.
 */
export function planLayers(source: LayerGraph, where: string): Map<Layer, PlannedLayer> {
  const called = new Set(source.calls.map((call) => call.layer));
  const used = source.layers.filter((layer) => called.has(layer));
  const found = used.map((layer) => ({ layer, rule: ruleOf(layer.className) }));
  const reasons = new Map<string, string[]>();
  for (const { layer, rule } of found)
    if ("unsupported" in rule)
      reasons.set(`${layer.className} (${rule.unsupported})`, [
        ...(reasons.get(`${layer.className} (${rule.unsupported})`) ?? []),
        layer.name,
      ]);
  if (reasons.size > 0)
    throw new ResonnxError("unsupported", {
      where,
      what: `layers without a rule: ${[...reasons].map(([reason, names]) => `${reason}: ${names.join(", ")}`).join("; ")}`,
    });
  return new Map(
    found.flatMap(({ layer, rule }) =>
      "unsupported" in rule
        ? []
        : [[layer, { layer, rule, emit: rule.prepare(layer.config, `${where}: layer "${layer.name}"`) }]],
    ),
  );
}
