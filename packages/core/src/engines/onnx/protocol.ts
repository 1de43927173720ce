import type { WireError } from "@resonnx/base";
import type { StateSlot } from "@resonnx/onnx";
import type { StateArray } from "../engine.ts";

export type Arrays = Readonly<Record<string, StateArray>>;

/** What the main thread asks of a training thread, one thing at a time. */
export type Command =
  /** Makes a session of a graph under a name. */
  | { readonly do: "load"; readonly program: string; readonly bytes: Uint8Array; readonly state: readonly StateSlot[] }
  /** Frees a loaded graph's session. */
  | { readonly do: "unload"; readonly program: string }
  /** Replaces the state. */
  | { readonly do: "write"; readonly arrays: Arrays }
  | { readonly do: "read" }
  /** Runs a loaded graph on `inputs` and the state; the state moves on where the graph says so. */
  | {
      readonly do: "run";
      readonly program: string;
      readonly inputs: Arrays;
      readonly outputs: readonly string[];
      /** The state only moves on when this output is finite: its weights are those before the run otherwise. */
      readonly onlyIf?: string;
    }
  | { readonly do: "close" };

export type Reply =
  | { readonly is: "done" }
  | { readonly is: "arrays"; readonly arrays: Arrays }
  | { readonly is: "failed"; readonly error: WireError };

export const buffersOf = (arrays: Arrays): ArrayBuffer[] =>
  Object.values(arrays).map(({ data }) => data.buffer as ArrayBuffer); // all of them made by us, never shared
