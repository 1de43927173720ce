import type { Builder } from "../../builder/builder.ts";
import type { Value } from "../../ir/value.ts";
import type { Rule, Translation } from "../translation.ts";
import {
  channelsLast,
  kernelLast,
  rowsOf,
  summedWindows,
  tapsOf,
  type WindowNd,
  windowNd,
  windowsOf,
} from "./window-nd.ts";

/*
 * Convolutions of any rank, dilated, grouped or depthwise: one matrix product a group, [groups, rows, taps * ci] by
 * [groups, taps * ci, co], where ci and co count the channels of one group.
 */

interface Groups {
  readonly count: number;
  readonly ci: number;
  readonly co: number;
}

const groupsOf = (w: Value, group: number | undefined): Groups => {
  const [filters, ci] = w.shape as readonly [number, number];
  const count = group ?? 1;
  return { count, ci, co: filters / count };
};

/** [rows, groups * size] -> [groups, rows, size] */
const split = (b: Builder, x: Value, rows: number, { count }: Groups, size: number): Value =>
  count === 1 ? b.reshape(x, [1, rows, size]) : b.transpose(b.reshape(x, [rows, count, size]), [1, 0, 2]);

/** [groups, rows, size] -> [rows, groups * size] */
const joined = (b: Builder, x: Value, rows: number, { count }: Groups, size: number): Value =>
  b.reshape(count === 1 ? x : b.transpose(x, [1, 0, 2]), [rows, count * size]);

/** The windows of x, [groups, rows, taps * ci]: made once for the convolution and its kernel's gradient. */
const columns = (x: Value, win: WindowNd, groups: Groups, t: Translation): Value =>
  t.memo(x, `windows ${JSON.stringify([win, groups.count])}`, () => {
    const { b } = t;
    const [rows, taps] = [rowsOf(win), tapsOf(win)];
    const windows = windowsOf(b, t.read(x, channelsLast(x.rank)), win, 0);
    if (groups.count === 1) return b.reshape(windows, [1, rows, taps * groups.ci]);
    const apart = b.transpose(b.reshape(windows, [rows, taps, groups.count, groups.ci]), [2, 0, 1, 3]);
    return b.reshape(apart, [groups.count, rows, taps * groups.ci]);
  });

/** A kernel as [groups, taps * ci, co]. */
function kernelOf(w: Value, win: WindowNd, { count, ci, co }: Groups, t: Translation): Value {
  const { b } = t;
  const kernel = b.reshape(t.read(w, kernelLast(w.rank)), [tapsOf(win), ci, count, co]);
  return b.reshape(count === 1 ? kernel : b.transpose(kernel, [2, 0, 1, 3]), [count, tapsOf(win) * ci, co]);
}

export const convNd: Rule<"Conv"> = (node, t) => {
  const { b } = t;
  const [x, w, bias] = node.inputs;
  const win = windowNd(x!, node.output, node.attrs);
  const groups = groupsOf(w!, node.attrs.group);
  const product = b.matmul(columns(x!, win, groups, t), kernelOf(w!, win, groups, t));
  const y = joined(b, product, rowsOf(win), groups, groups.co);
  const dims = [win.n, ...win.places, groups.count * groups.co];
  t.set(node.output, b.reshape(bias ? b.add(y, t.read(bias)) : y, dims), channelsLast(x!.rank));
};

/** dw = windowsᵀ · dy */
export const convKernelGradNd: Rule<"ConvKernelGrad"> = (node, t) => {
  const { b } = t;
  const [dy, x, w] = node.inputs;
  const win = windowNd(x!, dy!, node.attrs);
  const groups = groupsOf(w!, node.attrs.group);
  const { count, ci, co } = groups;
  const gradient = split(b, t.read(dy!, channelsLast(dy!.rank)), rowsOf(win), groups, co);
  const dw = b.matmul(b.transpose(columns(x!, win, groups, t), [0, 2, 1]), gradient);
  const apart = b.reshape(dw, [count, tapsOf(win), ci, co]);
  const kernel = count === 1 ? apart : b.transpose(apart, [1, 2, 0, 3]);
  t.set(node.output, b.reshape(kernel, [...win.kernel, ci, count * co]), kernelLast(w!.rank));
};

/** dy · kernelᵀ, summed where the windows lie. */
function windowsBack(dy: Value, w: Value, win: WindowNd, groups: Groups, t: Translation): Value {
  const { b } = t;
  const { count, ci, co } = groups;
  const [rows, taps] = [rowsOf(win), tapsOf(win)];
  const gradient = split(b, t.read(dy, channelsLast(dy.rank)), rows, groups, co);
  const windows = b.matmul(gradient, b.transpose(kernelOf(w, win, groups, t), [0, 2, 1]));
  const apart = b.reshape(windows, [count, rows, taps, ci]);
  const joint = count === 1 ? apart : b.transpose(apart, [1, 2, 0, 3]);
  return summedWindows(b, b.reshape(joint, [rows, taps, count * ci]), win);
}

export const convInputGradNd: Rule<"ConvInputGrad"> = (node, t) => {
  const [dy, w, x] = node.inputs;
  const groups = groupsOf(w!, node.attrs.group);
  t.set(node.output, windowsBack(dy!, w!, windowNd(x!, dy!, node.attrs), groups, t), channelsLast(x!.rank));
};

/** The input gradient of the convolution that goes from its output to its input. */
export const convTransposeNd: Rule<"ConvTranspose"> = (node, t) => {
  const [x, w, bias] = node.inputs;
  const win = windowNd(node.output, x!, node.attrs);
  const y = windowsBack(x!, w!, win, groupsOf(w!, node.attrs.group), t);
  t.set(node.output, bias ? t.b.add(y, t.read(bias)) : y, channelsLast(x!.rank));
};
