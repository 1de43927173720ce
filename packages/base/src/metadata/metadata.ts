import type { Preprocessing } from "./preprocessing.ts";

/** What a model file says about itself under `resonnx.*`; every part is optional, for files that others made. */
export interface ModelMetadata {
  /** Class names in the order of the output's last axis. */
  readonly labels?: readonly string[];
  readonly preprocessing?: Preprocessing;
  /** Facts about the training run (epochs, accuracy, seed, ...), for people to read. */
  readonly training?: Readonly<Record<string, string | number>>;
  /** What the file was made from: a format (`tfjs-layers`, `keras-h5`, ...) and the model's name there. */
  readonly source?: { readonly format: string; readonly name?: string };
}
