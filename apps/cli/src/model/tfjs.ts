import type * as tfjs from "@tensorflow/tfjs";

/** tfjs without its banner. */
export async function loadTfjs(): Promise<typeof tfjs> {
  const tf = await import("@tensorflow/tfjs");
  tf.enableProdMode();
  return tf;
}
