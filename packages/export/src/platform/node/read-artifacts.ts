import { open, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ResonnxError, reasonOf } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { isKerasFile, readKerasFile } from "../../source/keras-file.ts";
import { checkShards, modelJsonText, parseModelJson } from "../../source/model-json.ts";

/**
 * The model in a tfjs layers `model.json` with its shards, or in a Keras `.h5` or `.keras`; told apart by content.
 * Throws `not-found` for files that aren't there, `bad-input` for broken ones, `unsupported` for graph models.
 */
export async function readArtifacts(path: string): Promise<io.ModelArtifacts> {
  const bytes = await named(path, () => readFile(path));
  if (isKerasFile(bytes)) return readKerasFile(bytes, path);
  const { artifacts, groups } = parseModelJson(modelJsonText(bytes, path), path);
  const shards: Shard[] = [];
  for (const group of groups) {
    const files = await Promise.all(group.paths.map((shard) => sizedShard(join(dirname(path), shard))));
    const sizes = files.map(({ size }) => size);
    checkShards(group, sizes, path);
    shards.push(...files);
  }
  return { ...artifacts, weightData: await readShards(shards) };
}

interface Shard {
  readonly path: string;
  readonly size: number;
}

async function sizedShard(path: string): Promise<Shard> {
  const { size } = await named(path, () => stat(path));
  return { path, size };
}

/** All shards, one behind the other, in one buffer: weights of 94 MB are in memory once. */
async function readShards(shards: readonly Shard[]): Promise<ArrayBuffer> {
  const data = allocate(shards.reduce((sum, { size }) => sum + size, 0));
  let offset = 0;
  for (const { path, size } of shards) {
    await named(path, () => readWhole(path, new Uint8Array(data, offset, size)));
    offset += size;
  }
  return data;
}

function allocate(bytes: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch (cause) {
    throw new ResonnxError("unavailable", {
      where: "weights",
      what: "too large for the memory",
      got: `${bytes} bytes`,
      cause,
    });
  }
}

async function readWhole(path: string, into: Uint8Array): Promise<void> {
  const file = await open(path, "r");
  try {
    for (let done = 0; done < into.byteLength; ) {
      const { bytesRead } = await file.read(into, done, into.byteLength - done, done);
      if (bytesRead === 0) throw new Error("the file became shorter while it was read");
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
}

async function named<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
      throw new ResonnxError("not-found", { where: path, what: "no such file", cause });
    throw new ResonnxError("bad-input", { where: path, what: `can't be read: ${reasonOf(cause)}`, cause });
  }
}
