import { ResonnxError } from "@resonnx/base";
import type { TrainingState } from "../engines/engine.ts";
import type { Position } from "./position.ts";
import type { CheckpointStore } from "./train.ts";

/** Checkpoints in memory, for runs that end with the page or process that they are in. */
export class MemoryStore implements CheckpointStore {
  #best: TrainingState | undefined;
  /** The newest checkpoint: what an aborted run goes on from. */
  last: { readonly state: TrainingState; readonly position: Position } | undefined;

  async saveLast(state: TrainingState, position: Position): Promise<void> {
    this.last = { state, position };
  }

  async saveBest(state: TrainingState): Promise<void> {
    this.#best = state;
  }

  async loadBest(): Promise<TrainingState> {
    if (!this.#best) throw new ResonnxError("internal", { where: "checkpoints", what: "no best epoch was saved" });
    return this.#best;
  }
}
