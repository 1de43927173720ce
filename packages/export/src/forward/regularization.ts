import { ResonnxError } from "@resonnx/base";
import { isArray, isObject, type Json } from "../config/json.ts";
import type { Layer } from "../source/layer-graph.ts";

/** What Keras adds to the loss for a layer's outputs, whether its weights are trained or not. */
const OF_OUTPUTS = "activity_regularizer";

/** What Keras adds to the loss for weights (`kernel_regularizer`), or does to them after a step (`bias_constraint`). */
const OF_WEIGHTS = /_(regularizer|constraint)$/;

/**
 * Throws one `unsupported` for all layers whose training in Keras is more than the loss and its gradients: no graph
 * has penalties and constraints. `isTrained`: whether any weight of the layer is.
 */
export function refuseRegularization<L extends Pick<Layer, "name" | "config">>(
  layers: Iterable<L>,
  isTrained: (layer: L) => boolean,
  where: string,
): void {
  const found = [...layers].flatMap((layer) => {
    const settings = settingsOf(layer.config).filter((key) => key === OF_OUTPUTS || isTrained(layer));
    return settings.length > 0 ? [`${layer.name} (${[...new Set(settings)].join(", ")})`] : [];
  });
  if (found.length === 0) return;
  throw new ResonnxError("unsupported", {
    where,
    what: "training with regularizers or constraints",
    got: found.join("; "),
    hint: "set them to null in the model's config (an optimizer's weightDecay also keeps weights small), or freeze the layers",
  });
}

/** The regularizers and constraints that a config sets, those of the layers and cells inside it too. */
function settingsOf(json: Json): string[] {
  if (isArray(json)) return json.flatMap(settingsOf);
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) =>
    OF_WEIGHTS.test(key) ? (value === null ? [] : [key]) : settingsOf(value),
  );
}
