import { ResonnxError, reasonOf } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";
import { isKerasFile, readKerasFile } from "../../source/keras-file.ts";
import { checkShards, modelJsonText, parseModelJson } from "../../source/model-json.ts";

/**
 * The model at the address of a tfjs layers `model.json` with its shards, or of a Keras `.h5` or `.keras`; told apart by content.
 * Throws `not-found` for what can't be fetched, `bad-input` for broken files, `unsupported` for graph models.
 */
export async function readArtifacts(path: string): Promise<io.ModelArtifacts> {
  const url = new URL(path, globalThis.location?.href);
  const bytes = new Uint8Array(await download(url));
  if (isKerasFile(bytes)) return readKerasFile(bytes, path);
  const { artifacts, groups } = parseModelJson(modelJsonText(bytes, path), path);
  const weightData: ArrayBuffer[] = [];
  for (const group of groups) {
    const shards = await Promise.all(group.paths.map((shard) => download(new URL(shard, url))));
    const sizes = shards.map(({ byteLength }) => byteLength);
    checkShards(group, sizes, path);
    weightData.push(...shards);
  }
  return { ...artifacts, weightData };
}

async function download(url: URL): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
    throw new Error(`status ${response.status}`);
  } catch (cause) {
    throw new ResonnxError("not-found", { where: url.href, what: `can't be fetched: ${reasonOf(cause)}`, cause });
  }
}
