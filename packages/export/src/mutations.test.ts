import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ResonnxError } from "@resonnx/base";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artifactsOf, exportModel, readArtifacts, writeArtifacts } from "./index.ts";
import { mutateBytes, mutateJson, pick, type Random, seeded } from "./testing/mutate.ts";
import { storedZip } from "./testing/stored-zip.ts";
import { chain } from "./testing/tiny.ts";

/** Spoiled files of each kind; `pnpm test:full` sets the variable. */
const EACH = process.env.RESONNX_FULL === "1" ? 200 : 20;
/** What one export of a small model may take, on a busy machine. */
const MOST_MS = 5_000;
const MOST_MEMORY = 600 * 2 ** 20;

const FIXTURES = new URL("./fixtures/", import.meta.url).pathname;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resonnx-mutations-"));
});
afterAll(() => rm(folder, { recursive: true }));

const { layers } = tf;
const picture = () =>
  chain(
    [8, 8, 3],
    layers.zeroPadding2d({ padding: 1, name: "pad" }),
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", name: "conv" }),
    layers.batchNormalization({ name: "bn" }),
    layers.reLU({ name: "relu" }),
    layers.maxPooling2d({ name: "pool" }),
    layers.flatten({ name: "flat" }),
    layers.dense({ units: 3, activation: "softmax", name: "fc" }),
  );

const sentence = () =>
  chain(
    [5, 3],
    layers.masking({ maskValue: 0, name: "mask" }),
    layers.bidirectional({
      layer: layers.lstm({ units: 2, returnSequences: true, name: "lstm" }) as never,
      mergeMode: "concat",
      name: "both",
    }),
    layers.timeDistributed({ layer: layers.dense({ units: 3, name: "inner" }), name: "each" }),
    layers.conv1d({ filters: 2, kernelSize: 2, dilationRate: 2, name: "conv" }),
    layers.layerNormalization({ name: "ln" }),
    layers.gru({ units: 4, name: "gru" }),
    layers.repeatVector({ n: 2, name: "repeat" }),
    layers.simpleRNN({ units: 2, name: "rnn" }),
  );

/** `model.json` and `weights.bin` of what `source` gives, without the entries that say how weights began. */
async function modelJson(name: string, source: () => Promise<tf.io.ModelArtifacts>) {
  const written = join(folder, name);
  await mkdir(written, { recursive: true });
  await writeArtifacts(written, await source());
  const text = await readFile(join(written, "model.json"), "utf8");
  const json = JSON.parse(text, (key, value) =>
    /_(initializer|regularizer|constraint)$/.test(key) ? undefined : value,
  );
  return { text, json, weights: new Uint8Array(await readFile(join(written, "weights.bin"))) };
}

/** Writes a spoiled model.json, weights.bin or both, and gives the path to read. */
async function spoiledModelJson({ text, json, weights }: Awaited<ReturnType<typeof modelJson>>, random: Random) {
  const spoiled = await mkdtemp(join(folder, "spoiled-"));
  const what = random(10);
  const changed =
    what < 7 ? Buffer.from(mutateJson(json, random)) : what < 8 ? mutateBytes(Buffer.from(text), random) : text;
  await writeFile(join(spoiled, "model.json"), changed);
  if (what < 9 || random(4) > 0)
    await writeFile(join(spoiled, "weights.bin"), what < 8 ? weights : mutateBytes(weights, random));
  return join(spoiled, "model.json");
}

const kinds: Record<string, () => Promise<(random: Random) => Promise<string>>> = {
  "model.json of a picture classifier": async () => {
    const model = await modelJson("picture", () => artifactsOf(picture()));
    return (random) => spoiledModelJson(model, random);
  },
  "model.json of a sequence model": async () => {
    const model = await modelJson("sentence", () => artifactsOf(sentence()));
    return (random) => spoiledModelJson(model, random);
  },
  "model.json of models inside models": async () => {
    const models = await Promise.all(
      ["nested.keras2.h5", "sequence.keras2.h5", "sequence.keras3.h5"].map((file) =>
        modelJson(file, () => readArtifacts(FIXTURES + file)),
      ),
    );
    return (random) => spoiledModelJson(pick(random, models), random);
  },
  ".h5": async () => {
    const files = ["nested.keras2.h5", "nested.keras3.h5", "sequence.keras3.h5"];
    const whole = await Promise.all(files.map((file) => readFile(FIXTURES + file)));
    return (random) => spoiledFile(mutateBytes(new Uint8Array(pick(random, whole)), random));
  },
  ".keras": async () => {
    const files = ["nested.keras2.keras", "nested.keras3.keras", "sequence.keras2.keras", "sequence.keras3.keras"];
    const whole = await Promise.all(files.map((file) => readFile(FIXTURES + file)));
    const contents = await Promise.all(whole.slice(0, 2).map((bytes) => filesInStoredZip(bytes)));
    return (random) => {
      if (random(2) === 0) return spoiledFile(mutateBytes(new Uint8Array(pick(random, whole)), random));
      const { "config.json": config, "model.weights.h5": weights } = pick(random, contents);
      const json = Buffer.from(mutateJson(JSON.parse(String(config)), random));
      return spoiledFile(storedZip({ "config.json": json, "model.weights.h5": weights! }));
    };
  },
};

async function spoiledFile(bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(folder, "spoiled-")), "model");
  await writeFile(path, bytes);
  return path;
}

/** Keras stores its files one behind the other, each behind a header of 30 bytes and its name. */
function filesInStoredZip(zip: Buffer): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const [size, nameLength, extra] = [zip.readUInt32LE(at + 18), zip.readUInt16LE(at + 26), zip.readUInt16LE(at + 28)];
    const start = at + 30 + nameLength + extra;
    files[zip.toString("utf8", at + 30, at + 30 + nameLength)] = zip.subarray(start, start + size);
    at = start + size;
  }
  return files;
}

test.each(Object.keys(kinds))(
  "spoiled %s: a file or a typed error, soon",
  async (kind) => {
    const spoil = await kinds[kind]!();
    const before = process.memoryUsage().rss;
    let refused = 0;
    for (let seed = 1; seed <= EACH; seed++) {
      const path = await spoil(seeded(seed));
      const started = performance.now();
      const error = await exported(path);
      const took = performance.now() - started;
      if (error !== undefined && !(error instanceof ResonnxError))
        throw new Error(`${kind}, seed ${seed}`, { cause: error });
      if (error?.code === "internal") throw new Error(`${kind}, seed ${seed}`, { cause: error });
      expect(took, `${kind}, seed ${seed}: ${error?.message}`).toBeLessThan(MOST_MS);
      if (error) refused++;
      expect(error?.message ?? "").not.toMatch(/\n/);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(MOST_MEMORY);
    expect(refused).toBeGreaterThan(EACH / 4);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  },
  600_000,
);

async function exported(path: string): Promise<Error | undefined> {
  try {
    await exportModel(await readArtifacts(path), { where: "spoiled" });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
