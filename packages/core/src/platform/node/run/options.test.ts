import { expect, test } from "vitest";
import { recipes } from "../../../train/recipe.ts";
import { configOf, givenConfig, parseConfig } from "./options.ts";

test.each(Object.values(recipes))("a run of recipe $name goes on by what run.json says of it", (recipe) => {
  const config = configOf(givenConfig({ data: "hand-signs", recipe }));
  const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  for (const absent of [undefined, null]) {
    const text = JSON.stringify(config, (_key, value) => (value === undefined ? absent : value));
    expect(withoutUndefined(parseConfig(text, "run.json"))).toEqual(withoutUndefined(config));
  }
});
