import { expect, test } from "vitest";
import { numpyRandom } from "./numpy-random.ts";

test("gives numpy's numbers, the spare normal kept across calls", () => {
  const random = numpyRandom(1); // numpy 2: np.random.seed(1); randn(5), random_sample(3), randn(1001)[-1]
  expect([...random.randn(5)]).toEqual([
    1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705, 0.8654076293246785,
  ]);
  expect([...random.random(3)]).toEqual([0.4191945144032948, 0.6852195003967595, 0.20445224973151743]);
  expect(random.randn(1001).at(-1)).toBe(0.8925350136162015);
  expect([...numpyRandom(4294967295).randn(3)]).toEqual([0.6484086742306527, 0.6693235306338161, -1.0805437227474493]);
});

test.each([-1, 1.5, 2 ** 32, Number.NaN])("refuses the seed %s", (seed) => {
  expect(() => numpyRandom(seed)).toThrow(/not a seed that numpy takes/);
});
