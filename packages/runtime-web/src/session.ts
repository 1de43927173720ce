import { ResonnxError, reasonOf } from "@resonnx/base";
import type { Tensors } from "@resonnx/runtime";
import { InferenceSession, type Tensor } from "onnxruntime-web/webgpu";
import type { Provider } from "./provider.ts";

/**
 * One session of onnxruntime-web on one provider. Its methods belong into the page's queue. After a failed run on
 * WebGPU the next run of the same session never returns (onnxruntime-web 1.30, with the renderer at full load; other
 * sessions are not affected), so such a session is replaced, for which its model's bytes are kept.
 */
export class Session {
  readonly #provider: Provider;
  readonly #bytes: Uint8Array | null;
  #current: InferenceSession | null;

  private constructor(provider: Provider, bytes: Uint8Array, current: InferenceSession) {
    this.#provider = provider;
    this.#bytes = provider === "webgpu" ? bytes : null;
    this.#current = current;
  }

  static async open(provider: Provider, bytes: Uint8Array): Promise<Session> {
    return new Session(provider, bytes, await create(provider, bytes));
  }

  get declared(): Pick<InferenceSession, "inputMetadata" | "outputMetadata"> {
    if (this.#current === null)
      throw new ResonnxError("internal", { where: "session", what: "asked after a failed run" });
    return this.#current;
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const session = await this.#usable();
    try {
      return tensorsOf(await session.run(inputs));
    } catch (cause) {
      if (this.#bytes !== null) await this.release();
      throw failed(`run on ${this.#provider}`, cause);
    }
  }

  async release(): Promise<void> {
    const released = this.#current;
    this.#current = null;
    await released?.release();
  }

  async #usable(): Promise<InferenceSession> {
    if (this.#current === null && this.#bytes !== null) this.#current = await create(this.#provider, this.#bytes);
    if (this.#current === null)
      throw new ResonnxError("internal", { where: "session", what: "used after its release" });
    return this.#current;
  }
}

async function create(provider: Provider, bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, { executionProviders: [provider] });
  } catch (cause) {
    throw failed(provider, cause);
  }
}

function failed(where: string, cause: unknown): ResonnxError {
  return new ResonnxError("failed", { where, what: reasonOf(cause), cause });
}

function tensorsOf(values: InferenceSession.ReturnType): Tensors {
  const entries = Object.entries(values).map(([name, value]): [string, Tensor] => {
    if (!("dims" in value))
      throw new ResonnxError("unsupported", { where: name, what: "a sequence or map, not a tensor" });
    return [name, value];
  });
  return Object.fromEntries(entries);
}
