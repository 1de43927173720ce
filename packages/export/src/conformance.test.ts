import { ResonnxError } from "@resonnx/base";
import { expect, test } from "vitest";
import { exportModel, type LayerClass, layers, readArtifacts } from "./index.ts";
import { expectedOf, hasConformance, layerCases, modelPath } from "./testing/conformance.ts";
import { expectClose, runOnnx } from "./testing/onnxruntime.ts";

/** Keras' numbers come from other kernels than onnxruntime's. */
const TOLERANCE = 1e-3;
/** Every so many of the cases; all of them with RESONNX_FULL=1 (`pnpm test:full`). */
const FULL = process.env.RESONNX_FULL === "1";
const EVERY = FULL ? 1 : 7;
/** Each case at one of them in turn; at all of them with RESONNX_FULL=1. */
const OPSETS = [13, 17, 21];

const hasRule = (name: string): boolean =>
  Object.hasOwn(layers, name) && !("unsupported" in layers[name as LayerClass]);
const models = new Set(["Sequential", "Functional", "Model"]);
/** The cases whose layers all have rules, so that a new rule brings its cases along. */
const cases = layerCases()
  .filter(({ layers }) => layers.every((name) => models.has(name) || hasRule(name)))
  .filter((_, i) => i % EVERY === 0)
  .flatMap((entry, i) => (FULL ? OPSETS : [OPSETS[i % OPSETS.length]!]).map((opset) => ({ ...entry, opset })));

let compared = 0;

test.for(cases)("$name at opset $opset", async (entry, context) => {
  const { inputs, outputs, tfjs } = expectedOf(entry);
  const exported = await exportModel(await readArtifacts(modelPath(entry)), {
    where: entry.name,
    opset: entry.opset,
  }).catch(orRefused);
  if (exported instanceof ResonnxError) return context.skip(exported.message);
  const results = await runOnnx(exported.bytes, inputs);
  // tfjs resizes by another definition than Keras, and a model.json is tfjs'; where it differs elsewhere, it is mistaken.
  const wanted = tfjs && entry.layers.includes("UpSampling2D") ? tfjs : outputs;
  for (const [i, output] of wanted.entries()) expectClose(Object.values(results)[i], output, TOLERANCE);
  compared++;
});

/** A refusal is an answer, as long as it says that it is one. */
function orRefused(error: unknown): ResonnxError {
  if (error instanceof ResonnxError && error.code === "unsupported") return error;
  throw error;
}

test.skipIf(!hasConformance)("every conformance case is compared (needs ../shared/data)", () => {
  expect(compared).toBe(cases.length);
});
