import { expect, test } from "vitest";
import { Builder } from "../builder/builder.ts";
import { Graph } from "../ir/graph.ts";
import { lossOf } from "../losses/index.ts";
import { cpuRules } from "../lower/cpu/cpu.ts";
import { type OptimizerName, optimizers } from "../optimizers/index.ts";
import { writableInPlace } from "./in-place.ts";
import { buildStep, type StateSlot } from "./step.ts";
import { type UpdateOptions, updateRule } from "./update-rule.ts";

/** y = x · w + c, trained for the mean squared error. */
function stepOf(options: UpdateOptions, phase: "update" | "accumulate" = "update") {
  const graph = new Graph("line");
  const b = new Builder(graph);
  const input = (name: string, shape: readonly number[]) => graph.input(name, { dtype: "float32", shape });
  const [x, w, c] = [input("x", [4, 3]), input("w", [3, 2]), input("c", [2])];
  const value = b.add(b.matmul(x, w), c);
  const parameters = [w, c].map((value) => ({ name: value.name!, value, trainable: true }));
  const outputs = [{ name: "y", value, loss: lossOf("meanSquaredError"), weight: 1 }];
  return buildStep({ graph, outputs, parameters }, { phase: updateRule(options).phases[phase] }, cpuRules);
}

const inPlace = (state: readonly StateSlot[]): string[] =>
  state.filter((slot) => slot.inPlace).map(({ input }) => input);

test.each(Object.keys(optimizers) as OptimizerName[])(
  "%s: slots of each weight, in place where that is safe",
  (name) => {
    const { state } = stepOf({ optimizer: name });
    const { slots } = updateRule({ optimizer: name }).phases.update;
    expect(state.map(({ input }) => input).sort()).toEqual(
      ["c", "w", ...slots.flatMap((s) => [`${s}/c`, `${s}/w`])].sort(),
    );
    // Lion reads its slot for the move and for the next slot, in an order that nothing fixes.
    const safe = name === "lion" ? [] : slots.flatMap((slot) => [`${slot}/c`, `${slot}/w`]);
    expect(inPlace(state).sort()).toEqual(safe.sort());
  },
);

test("gradients are summed up in place, and averages kept in place", () => {
  const options = { optimizer: "sgd", accumulate: 2, ema: 0.9 } as const;
  expect(inPlace(stepOf(options, "accumulate").state)).toEqual(["gradient/w", "gradient/c"]);
  const update = stepOf(options).state;
  expect(inPlace(update)).toEqual(["gradient/w", "ema/w", "gradient/c", "ema/c"]);
});

test("a second reader, even under another shape, forbids writing in place", () => {
  const graph = new Graph("readers");
  const b = new Builder(graph);
  const slot = graph.input("slot", { dtype: "float32", shape: [2, 3] });
  const next = b.add(b.mul(slot, 0.5), 1);
  expect(writableInPlace(slot, next)).toBe(true);
  b.exp(b.reshape(slot, [6]));
  expect(writableInPlace(slot, next)).toBe(false);
  const transposed = b.transpose(slot, [1, 0]);
  expect(writableInPlace(slot, transposed)).toBe(false);
  expect(writableInPlace(slot, slot)).toBe(false);
});

test("an output without a batch is refused", () => {
  const graph = new Graph("flat");
  const value = graph.input("x", { dtype: "float32", shape: [3] });
  const outputs = [{ name: "y", value, loss: lossOf("hinge"), weight: 1 }];
  const { phases } = updateRule({ optimizer: "sgd" });
  expect(() => buildStep({ graph, outputs, parameters: [] }, { phase: phases.update }, cpuRules)).toThrow(
    'flat: output "y": training needs an output of known sizes with a batch (got [3], wanted [batch, ..., values])',
  );
});
