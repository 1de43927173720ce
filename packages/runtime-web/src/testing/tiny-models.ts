import { metadataProps } from "@resonnx/base";
import { Builder, encode, floats, Graph } from "@resonnx/onnx";

/** Weights of `rowsOfThree`, 3x2. */
export const WEIGHTS = [1, -2, 3, 0.5, -1, 2];

/**
 * y = softmax([x as rows of 3] W). The length of x is symbolic, so an x whose length isn't a multiple of 3 passes every
 * check before the run, and fails in it.
 */
export function rowsOfThree(): Uint8Array {
  const graph = new Graph("rows-of-three");
  const g = new Builder(graph);
  const rows = g.reshape(graph.input("x", { dtype: "float32", shape: ["length"] }), [-1, 3]);
  const scores = g.matmul(rows, g.constant(floats([3, 2], WEIGHTS)));
  graph.output("y", g.op("Softmax", [scores], { axis: -1 }));
  return encode(graph);
}

/** What `rowsOfThree` must answer, in double precision. */
export function rowsOfThreeByHand(x: readonly number[]): number[] {
  const answer: number[] = [];
  for (let at = 0; at < x.length; at += 3) {
    const powers = [0, 1].map((column) =>
      Math.exp([0, 1, 2].reduce((sum, i) => sum + x[at + i]! * WEIGHTS[2 * i + column]!, 0)),
    );
    answer.push(...powers.map((power) => power / (powers[0]! + powers[1]!)));
  }
  return answer;
}

/** A "classifier" whose scores are the picture's mean red, green and blue in [0, 1], at 4x2 pixels. */
export function meanColour(): Uint8Array {
  const graph = new Graph("mean-colour");
  const g = new Builder(graph);
  graph.output("mean", g.mean(graph.input("picture", { dtype: "float32", shape: ["n", 2, 4, 3] }), [1, 2], 0));
  const preprocessing = {
    width: 4,
    height: 2,
    channelOrder: "rgb",
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: "nhwc",
  } as const;
  return encode(graph, { metadata: metadataProps({ labels: ["red", "green", "blue"], preprocessing }) });
}

/** A BMP file of one colour, which every browser decodes. */
export function bmp(width: number, height: number, [red, green, blue]: readonly [number, number, number]): Uint8Array {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10); // where the pixels start
  file.writeUInt32LE(40, 14); // BITMAPINFOHEADER
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26); // planes
  file.writeUInt16LE(24, 28); // bits a pixel
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) file.set([blue, green, red], 54 + y * rowBytes + x * 3);
  return file;
}
