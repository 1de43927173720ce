import type { ExportReport } from "./report.ts";

type Row = readonly (string | number)[];

const cell = (text: string | number): string => `${text}`.replace(/[|\\]/g, "\\$&").replace(/\s+/g, " ");

const table = (head: Row, rows: readonly Row[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)} MB`;

/** The report for people: what is in the file, what the passes did, where each layer went. */
export function markdownReport(report: ExportReport): string {
  const { name, nodes, opset, precision, parameters, sizes, ms, ops, passes, layers, kept, quantized, webgpu } = report;
  const active = passes.filter(({ changes }) => changes > 0);
  const sections = [
    `# ${cell(name)}`,
    table(
      ["", ""],
      [
        ["nodes", nodes],
        ["opset", opset],
        ["precision", precision],
        ["parameters", parameters],
        ["weights of the source", megabytes(sizes.source)],
        ["file", megabytes(sizes.file)],
        ...(sizes.data > 0 ? [["external data", megabytes(sizes.data)]] : []),
        ...(quantized.weights > 0
          ? [["int8 weights, activations", `${quantized.weights}, ${quantized.activations}`]]
          : []),
        ["time", `${(ms / 1000).toFixed(2)} s`],
      ],
    ),
    "## Operators",
    table(
      ["operator", "nodes"],
      Object.entries(ops).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    "## Passes",
    active.length > 0
      ? table(
          ["pass", "changes"],
          active.map(({ pass, changes }) => [pass, changes]),
        )
      : "None changed anything.",
    "## WebGPU",
    webgpu.length > 0
      ? table(
          ["node", "operator", "runs on the CPU because"],
          webgpu.map(({ node, op, reason }) => [node, op, reason]),
        )
      : "Every operator has a WebGPU kernel.",
    ...(kept.length > 0
      ? [
          "## Kept in float32",
          table(
            ["node", "because"],
            kept.map(({ node, reason }) => [node, reason]),
          ),
        ]
      : []),
    "## Layers",
    table(
      ["layer", "class", "nodes"],
      layers.map(({ layer, className, nodes }) => [layer, className, nodes.join(", ") || "none"]),
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}
