import type { ModelInfo, Prediction } from "@resonnx/runtime";

/** What the page asks of the worker. `job` comes back in every event about it. */
export type Command =
  | { readonly do: "load"; readonly job: number; readonly address: string }
  | { readonly do: "classify"; readonly job: number; readonly picture: Blob };

/** What the worker tells the page. */
export type WorkerEvent =
  | { readonly is: "progress"; readonly job: number; readonly loaded: number; readonly total: number | null }
  | { readonly is: "loaded"; readonly job: number; readonly info: ModelInfo }
  | {
      readonly is: "classified";
      readonly job: number;
      readonly predictions: readonly Prediction[];
      readonly ms: number;
    }
  | { readonly is: "failed"; readonly job: number; readonly message: string };
