import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { artifactsOf } from "../source/live.ts";
import { chain } from "../testing/tiny.ts";
import { readArtifacts as fetchArtifacts } from "./browser/read-artifacts.ts";
import { readArtifacts } from "./node/read-artifacts.ts";
import { writeArtifacts } from "./node/write-artifacts.ts";

let folder: string;
let file: string;
const small = () => artifactsOf(chain([3], tf.layers.dense({ units: 2, name: "d" })));
const bytesOf = (data: unknown) => new Uint8Array(data as ArrayBuffer);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resonnx-export-"));
  file = join(folder, "model.json");
});
afterEach(() => rm(folder, { recursive: true }));

test("what is written is read back, and nothing else is left", async () => {
  const artifacts = await small();
  await writeArtifacts(folder, artifacts);
  expect((await readdir(folder)).sort()).toEqual(["model.json", "weights.bin"]);
  const read = await readArtifacts(file);
  expect(read.modelTopology).toEqual(artifacts.modelTopology);
  expect(read.weightSpecs).toEqual(artifacts.weightSpecs);
  expect(bytesOf(read.weightData)).toEqual(bytesOf(artifacts.weightData));
});

test("tfjs loads what is written", async () => {
  const model = chain([3], tf.layers.dense({ units: 2, name: "d" }));
  await writeArtifacts(folder, await artifactsOf(model));
  const json = JSON.parse(await readFile(file, "utf8"));
  const weightData = (await readFile(join(folder, "weights.bin"))).buffer.slice(0) as ArrayBuffer;
  const weightSpecs = json.weightsManifest[0].weights;
  const loaded = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData: weightData.slice(0, 32) }),
  );
  expect(loaded.getWeights().map((weight) => weight.shape)).toEqual([[3, 2], [2]]);
});

test("several groups and shards", async () => {
  const artifacts = await small();
  const data = bytesOf(artifacts.weightData);
  const [kernel, bias] = artifacts.weightSpecs!;
  await writeFile(join(folder, "a1"), data.slice(0, 10));
  await writeFile(join(folder, "a2"), data.slice(10, 24));
  await writeFile(join(folder, "b"), data.slice(24));
  const weightsManifest = [
    { paths: ["./a1", "a2"], weights: [kernel] },
    { paths: ["b"], weights: [bias] },
  ];
  await writeFile(file, JSON.stringify({ modelTopology: artifacts.modelTopology, weightsManifest }));
  expect(bytesOf((await readArtifacts(file)).weightData)).toEqual(data);
});

test("a page fetches the same model", async () => {
  const artifacts = await small();
  await writeArtifacts(folder, artifacts);
  const server = createServer((request, response) => {
    readFile(join(folder, request.url!)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const [data] = (await fetchArtifacts(`${root}/model.json`)).weightData as ArrayBuffer[];
    expect(bytesOf(data)).toEqual(bytesOf(artifacts.weightData));
    await expect(fetchArtifacts(`${root}/none.json`)).rejects.toMatchObject({ code: "not-found" });
  } finally {
    server.close();
  }
});

const json =
  (
    change: (model: { weightsManifest: { paths: unknown[]; weights: unknown[] }[] } & Record<string, unknown>) => void,
  ) =>
  async () => {
    const model = JSON.parse(await readFile(file, "utf8"));
    change(model);
    await writeFile(file, JSON.stringify(model));
  };

test.each<[string, string, () => Promise<void>]>([
  ["bad-input", "is no model file", () => writeFile(file, "model.json, certainly")],
  ["bad-input", "is not JSON", () => writeFile(file, '{ "modelTopology": ')],
  ["bad-input", "is no tfjs model", () => writeFile(file, "[]")],
  [
    "bad-input",
    "is no tfjs model",
    json((model) => {
      delete model.modelTopology;
    }),
  ],
  [
    "unsupported",
    "graph models have no rule",
    json((model) => {
      model.format = "graph-model";
    }),
  ],
  ["not-found", "weights.bin: no such file", () => rm(join(folder, "weights.bin"))],
  [
    "bad-input",
    "don't fit their weights (got 31 bytes, wanted 32); a shard is cut short",
    () => truncate(join(folder, "weights.bin"), 31),
  ],
  [
    "bad-input",
    "don't fit their weights (got 32 bytes, wanted 4",
    json((model) => {
      model.weightsManifest[0]!.weights = [{ name: "x", shape: [1], dtype: "float32" }];
    }),
  ],
  [
    "bad-input",
    "a path inside the folder",
    json((model) => {
      model.weightsManifest[0]!.paths = ["../weights.bin"];
    }),
  ],
  [
    "bad-input",
    "a path inside the folder",
    json((model) => {
      model.weightsManifest[0]!.paths = ["/etc/hosts"];
    }),
  ],
  [
    "bad-input",
    "a path inside the folder",
    json((model) => {
      model.weightsManifest[0]!.paths = ["http://x/y"];
    }),
  ],
  [
    "bad-input",
    "a weight (got",
    json((model) => {
      model.weightsManifest[0]!.weights = [{ name: "x", shape: [-1], dtype: "float32" }];
    }),
  ],
  [
    "bad-input",
    "can't be read",
    () =>
      rm(file)
        .then(() => import("node:fs/promises"))
        .then(({ mkdir }) => mkdir(file))
        .then(() => undefined),
  ],
])("%s: %s", async (code, message, spoil) => {
  await writeArtifacts(folder, await small());
  await spoil();
  await expect(readArtifacts(file)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

test("artifacts without weights are not written", async () => {
  await expect(writeArtifacts(folder, { modelTopology: {} })).rejects.toMatchObject({ code: "bad-input" });
  expect(await readdir(folder)).toEqual([]);
});
