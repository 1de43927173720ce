import { ResonnxError } from "@resonnx/base";
import { copyGraph } from "../ir/copy.ts";
import type { Graph } from "../ir/graph.ts";
import { Histogram } from "./histogram.ts";
import type { Range } from "./quantize.ts";
import { quantizableValues } from "./static-int8.ts";

export interface CalibrationMethod {
  /** "minmax" takes every value that occurs; "percentile" leaves out the outermost, so that outliers do not coarsen the rest. */
  readonly method?: "minmax" | "percentile" | undefined;
  /** How many of 100 values of all runs together lie inside the range with "percentile". Default 99.99. */
  readonly percentile?: number | undefined;
}

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
  private readonly seen: readonly Histogram[];
  private readonly percentile: number;
  private runs = 0;

  constructor(values: number, { method = "minmax", percentile = 99.99 }: CalibrationMethod = {}) {
    if (!(percentile > 50 && percentile <= 100))
      throw new ResonnxError("bad-input", {
        where: "calibration",
        what: "percentile",
        got: `${percentile}`,
        wanted: "above 50, at most 100",
      });
    this.percentile = method === "minmax" ? 100 : percentile;
    this.seen = Array.from({ length: values }, () => new Histogram());
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
      seen.add(data, range);
    }
    this.runs++;
  }

  /** Throws `bad-input` when nothing was run. */
  ranges(): readonly Range[] {
    if (this.runs === 0) throw new ResonnxError("bad-input", { where: "calibration", what: "no sample was given" });
    return this.seen.map((seen) => seen.middle(this.percentile));
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
