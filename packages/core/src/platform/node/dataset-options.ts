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
