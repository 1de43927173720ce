import type { StateSlot } from "@resonnx/onnx";
import type { Tensor } from "onnxruntime-common";
import type { Arrays } from "./protocol.ts";
import type { Fetches, Tensors } from "./runtime.ts";

/** Where a Stepper keeps a training's state between steps. */
export interface StateStore {
  /** Whether sessions leave the state's successors on the GPU. */
  readonly onGpu: boolean;
  /** Replaces everything. */
  write(arrays: Arrays): Promise<void>;
  /** Copies of all arrays. */
  read(): Promise<Arrays>;
  /** One array as a graph takes it, if there is one of this name. */
  tensor(name: string): Tensor | undefined;
  /** What a run that moves `slots` on reads of them, by the names of its inputs; after `targets`. */
  feeds(slots: readonly StateSlot[]): Tensors;
  /** What a run that moves `slots` on is to write its outputs into; null lets onnxruntime make them. Arrays that are missing start at zero. */
  targets(slots: readonly StateSlot[]): Fetches;
  /** Moves `slots` on to what that run gave. */
  advance(slots: readonly StateSlot[], results: Tensors): void;
  /** What `advance` would have taken is of no use: weights stay as they are, arrays that were written in place don't. */
  discard(slots: readonly StateSlot[], results: Tensors): void;
  release(): Promise<void>;
}
