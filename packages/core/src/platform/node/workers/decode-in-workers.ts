import type { Decoded, DecodeJob } from "./decode-places.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Pictures of one task: few enough that every worker gets some of a batch, enough to make the messages cheap. */
export const PICTURES_A_TASK = 16;

/** The job done by a worker. */
export async function decodeInWorkers(pool: WorkerPool, job: DecodeJob): Promise<Decoded> {
  // Its shared libraries must be loaded here before threads that use them come and go (sharp's manual, "Worker threads").
  await import("sharp");
  return pool.run("decode", job);
}

/** The list in pieces of a size. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
