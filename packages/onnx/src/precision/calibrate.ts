import { ResonnxError } from "@resonnx/base";
import { copyGraph } from "../ir/copy.ts";
import type { Graph } from "../ir/graph.ts";
import type { Range } from "./quantize.ts";
import { quantizableValues } from "./static-int8.ts";

export interface CalibrationMethod {
  /** "minmax" takes every value that occurs; "percentile" leaves out the rarest, so that outliers do not coarsen the rest. */
  readonly method?: "minmax" | "percentile" | undefined;
  /** How many of 100 values lie inside the range with "percentile". Default 99.99. */
  readonly percentile?: number | undefined;
}

const BINS = 4096;

/** The name under which a calibration graph gives a value of `quantizableValues`. */
const nameOf = (index: number): string => `calibration:${index}`;

/** The same graph, whose outputs are the activations that static quantization needs the ranges of. */
export function calibrationGraph(source: Graph): Graph {
  const graph = copyGraph(source);
  const values = quantizableValues(graph);
  graph.outputs.length = 0;
  for (const [i, value] of values.entries()) graph.output(nameOf(i), value);
  return graph;
}

/** The ranges of a calibration graph's outputs over all runs. */
export class Calibration {
  private readonly seen: { min: number; max: number }[];
  private readonly method: Required<{ [K in keyof CalibrationMethod]: NonNullable<CalibrationMethod[K]> }>;
  private runs = 0;

  constructor(values: number, { method = "minmax", percentile = 99.99 }: CalibrationMethod = {}) {
    if (!(percentile > 50 && percentile <= 100))
      throw new ResonnxError("bad-input", {
        where: "calibration",
        what: "percentile",
        got: `${percentile}`,
        wanted: "above 50, at most 100",
      });
    this.method = { method, percentile };
    this.seen = Array.from({ length: values }, () => ({
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    }));
  }

  /** Takes the outputs of one run. Throws `bad-input` when one is missing or not finite. */
  add(outputs: Readonly<Record<string, { readonly data: unknown }>>): void {
    for (const [i, seen] of this.seen.entries()) {
      const data = outputs[nameOf(i)]?.data;
      if (!(data instanceof Float32Array))
        throw new ResonnxError("bad-input", { where: "calibration", what: `a run gave no float32 "${nameOf(i)}"` });
      const range = rangeOf(data);
      if (!Number.isFinite(range.min) || !Number.isFinite(range.max))
        throw new ResonnxError("bad-input", { where: "calibration", what: `"${nameOf(i)}" is empty or not finite` });
      const { min, max } = this.method.method === "minmax" ? range : trimmed(data, range, this.method.percentile);
      seen.min = Math.min(seen.min, min);
      seen.max = Math.max(seen.max, max);
    }
    this.runs++;
  }

  /** Throws `bad-input` when nothing was run. */
  ranges(): readonly Range[] {
    if (this.runs === 0) throw new ResonnxError("bad-input", { where: "calibration", what: "no sample was given" });
    return this.seen;
  }
}

function rangeOf(data: Float32Array): Range {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (!(value >= min)) min = value; // a NaN stays and is refused
    if (!(value <= max)) max = value;
  }
  return { min, max };
}

/** The narrowest run of histogram bins with the wanted share of the values, the rest cut off at both ends alike. */
function trimmed(data: Float32Array, { min, max }: Range, percentile: number): Range {
  if (min === max) return { min, max };
  const counts = new Uint32Array(BINS);
  const width = (max - min) / BINS;
  for (const value of data) counts[Math.min(BINS - 1, Math.floor((value - min) / width))]!++;
  const spare = (data.length * (100 - percentile)) / 200;
  const cut = (order: (i: number) => number): number => {
    let gone = 0;
    for (let i = 0; i < BINS; i++) {
      gone += counts[order(i)]!;
      if (gone > spare) return i;
    }
    return 0;
  };
  return { min: min + cut((i) => i) * width, max: max - cut((i) => BINS - 1 - i) * width };
}
