import { WorkerPool } from "./worker-pool.ts";

let shared: WorkerPool | undefined;

/** The process' picture workers; so many of their own for whoever asks for a number. */
export function poolOf(size: number | undefined): WorkerPool {
  if (size !== undefined) return new WorkerPool({ size });
  shared ??= new WorkerPool();
  return shared;
}
