import type { Group } from "h5wasm";
import { expect, test } from "vitest";
import { layerEntries } from "../config/model-config.ts";
import { readHdf5, writeHdf5 } from "../hdf5/memory-file.ts";
import { modelVariables } from "./layer-variables.ts";

const layer = (class_name: string, name: string, config = {}) => ({ class_name, config: { name, ...config } });
const chain = (name: string, ...layers: object[]) => ({ class_name: "Sequential", config: { name, layers } });

/** The names of the variables of a file in which each of `paths` holds two numbers. */
async function namesIn(paths: readonly string[], model: object): Promise<string[]> {
  const bytes = await writeHdf5((file) => {
    for (const path of paths) {
      const folders = path.split("/").slice(0, -1);
      const group = folders.reduce<Group>((inside, folder) => {
        const found = inside.keys().includes(folder) ? inside.get(folder) : null;
        return found && "create_group" in found ? found : inside.create_group(folder);
      }, file);
      group.create_dataset({ name: path.split("/").at(-1)!, data: Float32Array.of(1, 2), shape: [2] });
    }
  });
  const layers = layerEntries(JSON.parse(JSON.stringify(model)), "m.keras");
  return readHdf5(bytes, "m.keras", (file, h5) => modelVariables(file, layers, h5, "m.keras").map(({ name }) => name));
}

test("groups without names are counted by class, models inside have groups of their own", async () => {
  const model = chain(
    "outer",
    layer("Dense", "first"),
    chain("inner", layer("Dense", "in")),
    layer("Dense", "second", { use_bias: false }),
    layer("Lambda", "operation"),
  );
  const paths = ["dense/vars/0", "dense/vars/1", "sequential/layers/dense/vars/0", "dense_1/vars/0"];
  const names = ["first/kernel", "first/bias", "in/kernel", "second/kernel"];
  expect(
    await namesIn(
      paths.map((path) => `layers/${path}`),
      model,
    ),
  ).toEqual(names);
  // The layout of TensorFlow 2.11 to 2.13.
  const old = (path: string) => `layers/${path}`.replaceAll("layers/", "_layer_checkpoint_dependencies/");
  expect(await namesIn(paths.map(old), model)).toEqual(names);
});

test("a layer that must have weights and has no group is refused", async () => {
  await expect(namesIn(["layers/dense/vars/0"], chain("m", layer("Dense", "a"), layer("Dense", "b")))).rejects.toThrow(
    "m.keras: the weights of layer b are missing",
  );
  await expect(namesIn(["other/0"], chain("m", layer("Dense", "a")))).rejects.toThrow("wanted a group layers");
});

test("variables of a class that no table knows go by their numbers", async () => {
  expect(await namesIn(["layers/strange/vars/0"], chain("m", layer("Strange", "s")))).toEqual(["s/0"]);
});
