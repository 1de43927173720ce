import { readFileSync } from "node:fs";
import { Dataset, File, Group, ready } from "h5wasm";
import { describe, expect, test } from "vitest";
import { readKeras } from "../read/read-keras.ts";
import { readKerasTraining } from "../read/read-training.ts";
import { writeKerasH5 } from "../write/write-keras-h5.ts";
import type { KerasTraining } from "./training.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
/** By file: Keras' own variables as [name, shape, values], in its order. */
const expected: Record<string, [string, number[], number[]][]> = JSON.parse(
  new TextDecoder().decode(fixture("trained.json")),
);

interface Attributes {
  readonly [name: string]: { readonly metadata: { readonly type: number } } | undefined;
}

/** What a file lists under optimizer_weights: name, shape, dtype and values of each variable, and the attributes' kinds. */
async function listed(bytes: Uint8Array) {
  const { FS } = await ready;
  FS.writeFile("/training.h5", bytes);
  const file = new File("/training.h5", "r");
  try {
    const group = file.get("optimizer_weights");
    if (!(group instanceof Group)) throw new Error("no optimizer_weights");
    const names = group.attrs.weight_names?.value as string[];
    const kinds = Object.entries(group.attrs as Attributes).map(([name, one]) => [name, one?.metadata.type]);
    const variables = names.map((name) => {
      const dataset = group.get(name);
      if (!(dataset instanceof Dataset)) throw new Error(`no ${name}`);
      const value = dataset.value;
      const values = ArrayBuffer.isView(value) ? [...(value as Float32Array)] : [Number(value)];
      return { name, shape: dataset.shape, dtype: dataset.dtype, values };
    });
    return { kinds, variables, config: JSON.parse(String(file.attrs.training_config?.value)).optimizer_config };
  } finally {
    file.close();
  }
}

/** The arrays of a state in the order of a file's list, from the names that Keras gave them. */
function inOrder(training: KerasTraining, slots: Record<string, string>, names: readonly string[]): number[][] {
  return names.map((name) => {
    const [slot] = Object.entries(slots).find(([, written]) => name.includes(written)) ?? [];
    const weight = ["first/kernel", "bn/gamma"].find((one) => name.replace("_", "/").includes(one));
    const own: Readonly<Record<string, Record<string, Float32Array>>> = training.optimizer.state?.arrays ?? {};
    return [...(own[slot!]?.[weight!] ?? [])];
  });
}

const momentumAndVelocity = { velocity: "velocity", momentum: "momentum" };
const files = [
  { file: "trained-legacy.h5", from: "legacy", className: "Adam", slots: { momentum: "/m:0", velocity: "/v:0" } },
  { file: "trained-keras2.h5", from: "keras2", className: "RMSprop", slots: momentumAndVelocity },
  { file: "trained-keras3.h5", from: "keras3", className: "AdamW", slots: momentumAndVelocity },
  { file: "trained-keras3.keras", from: "keras3", className: "AdamW", slots: momentumAndVelocity },
] as const;

test.for(files)("$file: the optimizer's state as Keras has it", async ({ file, from, className, slots }) => {
  const training = await readKerasTraining(fixture(file));
  expect(training).toMatchObject({ optimizer: { className, state: { iterations: 3 } }, loss: "mse" });
  expect(training?.optimizer.config.learning_rate).toBeCloseTo(0.01);
  const arrays = expected[from]!.filter(([, shape]) => shape.length > 0);
  const got = inOrder(
    training!,
    slots,
    arrays.map(([name]) => name.replace("adam_w/", "")),
  );
  expect(got).toEqual(arrays.map(([, , values]) => values));
});

test.for([files[0], files[1]])("what $file holds is written as Keras 2 wrote it", async ({ file }) => {
  const original = fixture(file);
  const training = await readKerasTraining(original);
  const again = await listed(await writeKerasH5(await readKeras(original), { compile: training }));
  const keras = await listed(original);
  expect(again.variables).toEqual(keras.variables);
  expect(again.kinds.map(([name]) => name)).toEqual(keras.kinds.map(([name]) => name));
  expect(again.config).toMatchObject({ class_name: keras.config.class_name });
  expect(again.config.config.is_legacy_optimizer).toBe(keras.config.config.is_legacy_optimizer);
});

test("a weight without arrays starts where the optimizer starts", async () => {
  const artifacts = await readKeras(fixture("trained-legacy.h5"));
  const state = { iterations: 5, arrays: {} };
  const optimizer = { className: "Adagrad", config: { learning_rate: 0.1 }, state } as const;
  const bytes = await writeKerasH5(artifacts, { compile: { optimizer, loss: "mse", metrics: [] } });
  const back = await readKerasTraining(bytes);
  expect(back?.optimizer.state).toEqual({
    iterations: 5,
    arrays: {
      accumulator: { "first/kernel": new Float32Array(6).fill(0.1), "bn/gamma": new Float32Array(3).fill(0.1) },
    },
  });
});

test("a model that was not compiled has no training", async () => {
  expect(await readKerasTraining(fixture("keras3.h5"))).toBeUndefined();
  expect(await readKerasTraining(fixture("keras3.keras"))).toBeUndefined();
});

describe("refused with what is wrong", () => {
  const changed = async (name: string, change: (file: File) => void) => {
    const { FS } = await ready;
    FS.writeFile("/changed.h5", fixture(name));
    const file = new File("/changed.h5", "a");
    change(file);
    file.close();
    return expect(readKerasTraining(FS.readFile("/changed.h5"))).rejects;
  };
  const relisted = (file: File, change: (names: string[]) => string[]) => {
    const group = file.get("optimizer_weights");
    if (!(group instanceof Group)) throw new Error("no optimizer_weights");
    const names = group.attrs.weight_names?.value as string[];
    group.delete_attribute("weight_names");
    group.create_attribute("weight_names", change(names));
  };

  test("a state that doesn't fit the model", async () => {
    const fewer = await changed("trained-legacy.h5", (file) => relisted(file, (names) => names.slice(0, -1)));
    await fewer.toThrow(/state of Adam doesn't fit the model \(got 3 arrays, wanted 4 for 2 trainable weights/);
    const swapped = await changed("trained-legacy.h5", (file) =>
      relisted(file, ([steps, first, second, ...rest]) => [steps!, second!, first!, ...rest]),
    );
    await swapped.toThrow(/momentum of first\/kernel: the array has another shape than its weight \(got \[3\]/);
  });

  test("the layout of an old Keras, an optimizer that nobody has", async () => {
    const old = await changed("trained-legacy.h5", (file) => relisted(file, ([, ...names]) => names));
    await old.toThrow(/layout of an old Keras/);
    const unknown = await changed("trained-legacy.h5", (file) => {
      file.delete_attribute("training_config");
      file.create_attribute("training_config", '{"optimizer_config": {"class_name": "Ftrl", "config": {}}}');
    });
    await unknown.toThrow(/the optimizer that the model was trained with \(got Ftrl, wanted Adadelta/);
  });
});
