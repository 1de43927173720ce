import type { BatchMaker } from "../../../train/make-batch.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Makes batches in workers. They are the same as made here, whichever worker makes them and when. */
export function batchesIn(pool: WorkerPool): BatchMaker {
  return (job) => pool.run("batch", { ...job, pixels: alone(job.pixels) });
}

/** Posting a part of a buffer would copy all of it; moving it away would take a caller's own. */
function alone(pixels: Uint8Array): Uint8Array {
  return pixels.byteLength === pixels.buffer.byteLength ? pixels : pixels.slice();
}
