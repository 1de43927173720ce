import { ResonnxError } from "@resonnx/base";

/** The promise, or a rejection with `aborted` as soon as the signal fires; the work behind the promise goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined, where: string): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(new ResonnxError("aborted", { where, what: "stopped before it was done", cause: signal.reason }));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
