import { ResonnxError, reasonOf } from "@resonnx/base";
import type { RunOptions } from "@resonnx/core";
import type { Io } from "../terminal/io.ts";

/**
 * `work` on a run whose events a live page hears as well, and which it ends with, however that ends; `outcome` is what the
 * page says when all went well. Throws what `work` throws.
 */
export async function withLive<T>(
  run: RunOptions,
  { title, io }: { readonly title: string; readonly io: Io },
  work: (run: RunOptions) => Promise<T>,
  outcome: (done: T) => string,
): Promise<T> {
  const { startLive } = await import("./start-live.ts");
  const live = await startLive(title);
  io.err(`live view: ${live.url}`);
  const { onProgress } = run;
  try {
    const done = await work({
      ...run,
      onProgress: (event) => {
        onProgress?.(event);
        live.tell(event);
      },
    });
    await live.end({ how: "finished", text: outcome(done) });
    return done;
  } catch (error) {
    const stopped = error instanceof ResonnxError && error.code === "aborted";
    const text = stopped ? "--resume goes on with it." : reasonOf(error);
    await live.end({ how: stopped ? "stopped" : "failed", text });
    throw error;
  }
}
