import { ResonnxError } from "@resonnx/base";

/** How a dataset is opened. */
export interface DatasetOptions {
  /** Pixels that every picture is resized to, 64 x 64 when not given. */
  readonly width?: number;
  readonly height?: number;
  readonly signal?: AbortSignal;
  /** Called after each picture that was decoded. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The options with their defaults. */
export interface OpenSettings {
  readonly width: number;
  readonly height: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
  /** Bytes of decoded pictures that are kept; those beyond are decoded again when they are read. */
  readonly memory: number;
}

/** The longest side that pictures can be resized to. */
const MAX_SIDE = 4096;
/** Decoded pictures that are kept, 87,000 of 64 x 64. */
const MEMORY = 1 << 30;

/** Throws `bad-input` on a size that can't be. */
export function settingsOf({ width = 64, height = 64, signal, onProgress = () => {} }: DatasetOptions): OpenSettings {
  checkSide(width, "width");
  checkSide(height, "height");
  return { width, height, signal, onProgress, memory: MEMORY };
}

function checkSide(side: number, where: string): void {
  if (Number.isInteger(side) && side > 0 && side <= MAX_SIDE) return;
  const wanted = `a whole number from 1 to ${MAX_SIDE}`;
  throw new ResonnxError("bad-input", { where, what: "not a picture's size", got: String(side), wanted });
}
