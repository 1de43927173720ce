import type { Rule } from "../translation.ts";
import { channelsLast, countsOf, rowsOf, summedWindows, tapsOf, windowNd, windowsOf } from "./window-nd.ts";

/** Padding that no maximum is equal to. */
const LOWEST = -3e38;

/** dy goes to the first maximum of each window. */
export const maxPoolGradNd: Rule<"MaxPoolGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, y] = node.inputs;
  const win = windowNd(x!, dy!, node.attrs);
  const order = channelsLast(x!.rank);
  const row = [rowsOf(win), 1, win.channels];
  const windows = windowsOf(b, t.read(x!, order), win, LOWEST);
  const hit = b.where(b.greater(b.reshape(t.read(y!, order), row), windows), 0, 1);
  const before = b.op("CumSum", [hit, b.once("axis 1", () => AXIS)], { exclusive: 1 });
  const first = b.where(b.greater(before, 0), 0, hit);
  t.set(node.output, summedWindows(b, b.mul(first, b.reshape(t.read(dy!, order), row)), win), order);
};

const AXIS = { dtype: "int64", dims: [], data: BigInt64Array.of(1n) } as const;

/** dy shared evenly among the pixels of each window. */
export const averagePoolGradNd: Rule<"AveragePoolGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x] = node.inputs;
  const win = windowNd(x!, dy!, node.attrs);
  const order = channelsLast(x!.rank);
  const gradient = b.reshape(t.read(dy!, order), [rowsOf(win), 1, win.channels]);
  const shares = b.div(gradient, countsOf(b, win, node.attrs.count_include_pad === 1));
  const everyTap = b.op("Expand", [shares, b.ints([rowsOf(win), tapsOf(win), win.channels])], {});
  t.set(node.output, summedWindows(b, everyTap, win), order);
};
