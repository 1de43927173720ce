import { ResonnxError } from "@resonnx/base";
import type { TrainingState } from "../engines/engine.ts";
import type { Position } from "./position.ts";
import type { CheckpointStore } from "./train.ts";

/** Checkpoints in memory, for runs that end with the page or process that they are in. */
export class MemoryStore implements CheckpointStore {
  #best: { readonly epoch: number; readonly state: TrainingState } | undefined;
  /** The newest checkpoint: what an aborted run goes on from. */
  last: { readonly state: TrainingState; readonly position: Position } | undefined;

  async saveLast(state: TrainingState, position: Position): Promise<void> {
    this.last = { state, position };
  }

  async saveBest(state: TrainingState, epoch: number): Promise<void> {
    this.#best = { epoch, state };
  }

  async loadBest(epoch: number): Promise<TrainingState> {
    if (this.#best?.epoch !== epoch)
      throw new ResonnxError("internal", { where: "checkpoints", what: `epoch ${epoch} was not saved` });
    return this.#best.state;
  }
}
