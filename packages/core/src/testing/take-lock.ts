import { RunLock } from "../platform/node/run/run-lock.ts";

/** A process that takes the lock at each path that its parent sends, and answers whether it got it; it never gives one back. */
process.on("message", (path: string) => {
  RunLock.take(path).then(
    () => process.send?.("taken"),
    (error: unknown) => process.send?.(error instanceof Error ? error.message : String(error)),
  );
});
process.send?.("ready");
