import type { WireError } from "@resonnx/base";
import type { Result, Task, TaskKind } from "./tasks.ts";

/** What the main thread posts to a picture worker, one thing at a time. */
export type Command =
  | { readonly [K in TaskKind]: { readonly do: K; readonly task: Task<K> } }[TaskKind]
  | { readonly do: "close" };

export type Reply =
  | { readonly is: "done"; readonly result: Result<TaskKind> }
  | { readonly is: "failed"; readonly error: WireError };
