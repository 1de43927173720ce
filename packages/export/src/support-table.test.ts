import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { layers } from "./index.ts";
import { supportTable } from "./support-table.ts";

test("the README's table is the one that the rules give", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, table] = /<!-- support -->\n([\s\S]*)\n<!-- \/support -->/.exec(readme) ?? [];
  expect(table).toBe(supportTable());
});

/** What tfjs can load by name, models included; `serialization` keeps the classes in a map of its own. */
const registered = (): string[] => {
  const map = (
    tf.serialization as unknown as {
      SerializationMap: { getMap(): { classNameMap: Record<string, [{ prototype: unknown }]> } };
    }
  ).SerializationMap;
  const classes = Object.entries(map.getMap().classNameMap);
  return classes.filter(([, [type]]) => type.prototype instanceof tf.layers.Layer).map(([name]) => name);
};

test("every layer class of tfjs has a row", () => {
  expect(Object.keys(layers).sort()).toEqual(expect.arrayContaining(registered()));
  expect(registered().length).toBeGreaterThan(60);
});
