import { readFile, stat } from "node:fs/promises";
import { ResonnxError, reasonOf, throwIfAborted } from "@resonnx/base";

/** Protobuf's own limit, and the largest buffer that Node 20 reads at once. */
const MAX_BYTES = 2 ** 31 - 1;

/** A whole file's bytes; `kind` names it in errors. Throws `not-found`, or `bad-input` when it isn't a readable file. */
export async function readWhole(path: string, kind: string, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfAborted(signal, path);
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new ResonnxError("bad-input", { where: path, what: "not a file", wanted: kind });
    if (facts.size > MAX_BYTES) {
      const got = `${facts.size} bytes`;
      throw new ResonnxError("bad-input", { where: path, what: "too large", got, wanted: `${kind} of at most 2 GB` });
    }
    return await readFile(path, signal ? { signal } : {});
  } catch (cause) {
    throwIfAborted(signal, path);
    if (cause instanceof ResonnxError) throw cause;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      throw new ResonnxError("not-found", { where: path, what: "no such file", wanted: kind, cause });
    }
    throw new ResonnxError("bad-input", {
      where: path,
      what: `can't be read: ${reasonOf(cause)}`,
      wanted: kind,
      cause,
    });
  }
}
