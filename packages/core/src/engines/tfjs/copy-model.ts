import * as tf from "@tensorflow/tfjs";

/** Drawing numbers that are overwritten takes tfjs seconds for a ResNet50, so all weights of the copy are zero at first. */
const startAtZero = (key: string, value: unknown): unknown =>
  key.endsWith("_initializer") && value !== null ? { class_name: "Zeros", config: {} } : value;

/** A model of the same layers and weights with variables of its own; dispose it when done. */
export async function copyModel(model: tf.LayersModel): Promise<tf.LayersModel> {
  const modelTopology = JSON.parse(String(model.toJSON()), startAtZero);
  const copy = await tf.models.modelFromJSON({ modelTopology });
  const weights = new Map(model.weights.map((weight) => [weight.originalName, weight]));
  for (const weight of copy.weights) weight.write(weights.get(weight.originalName)!.read());
  return copy;
}
