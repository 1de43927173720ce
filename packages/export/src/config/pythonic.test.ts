import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { artifactsOf } from "../index.ts";
import { chain } from "../testing/tiny.ts";
import type { Json } from "./json.ts";
import { isTsStyle, toPythonic } from "./pythonic.ts";

const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));

test.each([
  (conv: tf.layers.Layer, flat: tf.layers.Layer) => chain([4, 4, 2], conv, flat),
  (conv: tf.layers.Layer, flat: tf.layers.Layer) => tf.sequential({ layers: [conv, flat] }),
])("tfjs' own spelling of a topology becomes the one that it saves", async (build) => {
  const conv = { filters: 2, kernelSize: 3, activation: "hardSigmoid", dataFormat: "channelsLast" } as const;
  const model = build(
    tf.layers.conv2d({ ...conv, inputShape: [4, 4, 2], name: "myConv" }),
    tf.layers.flatten({ name: "x1", dtype: "int32" }),
  );
  const spelled = json({ className: model.getClassName(), config: model.getConfig() });
  const { config } = toPythonic(spelled) as { config: Json };
  const { modelTopology } = await artifactsOf(model);
  expect(isTsStyle(spelled)).toBe(true);
  expect(isTsStyle(json(modelTopology))).toBe(false);
  expect(config).toEqual(json((modelTopology as { config: object }).config));
});
