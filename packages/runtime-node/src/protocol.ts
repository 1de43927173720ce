import { ResonnxError, type WireError } from "@resonnx/base";
import { type ProviderReport, Tensor, type Tensors, type ValueInfo } from "@resonnx/runtime";
import type { Provider } from "./providers.ts";

/** What a session thread is started with. */
export interface Opening {
  readonly source: string | Uint8Array;
  readonly providers: readonly Provider[];
  /** Whether the caller named the providers. */
  readonly named: boolean;
}

/** What the main thread asks of a session thread, one thing at a time. */
export type Command = { readonly do: "run"; readonly inputs: WireTensors } | { readonly do: "close" };

/** What a session thread answers: `ready` once, then one reply a run. */
export type Reply =
  | { readonly is: "ready"; readonly session: SessionFacts }
  | { readonly is: "done"; readonly outputs: WireTensors }
  | { readonly is: "failed"; readonly error: WireError };

export interface SessionFacts extends ProviderReport {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** A tensor as plain data, which can be posted. */
export interface WireTensor {
  readonly type: Tensor.Type;
  readonly dims: readonly number[];
  readonly data: Tensor["data"];
}
export type WireTensors = Readonly<Record<string, WireTensor>>;

/** Copies of the tensors' data, each in a buffer of its own, so that posting can move them. Throws `bad-input` off the CPU. */
export function toWire(tensors: Tensors): WireTensors {
  return mapValues(tensors, ({ type, dims, location, data }, name) => {
    if (location !== "cpu") {
      const what = "the tensor's data is not in memory";
      throw new ResonnxError("bad-input", { where: `input ${name}`, what, got: location, wanted: "cpu" });
    }
    return { type, dims, data: data.slice() };
  });
}

export function fromWire(tensors: WireTensors): Tensors {
  return mapValues(tensors, ({ type, dims, data }) => new Tensor(type, data, dims));
}

/** The buffers that posting moves instead of copying. */
export function buffersOf(tensors: WireTensors): ArrayBuffer[] {
  return Object.values(tensors)
    .map(({ data }) => (Array.isArray(data) ? undefined : data.buffer))
    .filter((buffer) => buffer instanceof ArrayBuffer);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
