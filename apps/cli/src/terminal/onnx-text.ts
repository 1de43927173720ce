import type { DescribedValue, OnnxDescription } from "@resonnx/onnx";
import { table } from "./table.ts";

/** Characters of a metadata entry that are shown. */
const MOST = 160;

/** An ONNX file for people: inputs and outputs, operators by count, what the file says about itself. */
export function onnxText(description: OnnxDescription): string {
  const { name, producer, irVersion, opsets, inputs, outputs, nodes, ops, parameters, metadata } = description;
  const versions = Object.entries(opsets).map(([domain, version]) => `${domain || "ai.onnx"} ${version}`);
  const values = [...inputs.map((input) => row("input", input)), ...outputs.map((output) => row("output", output))];
  const entries = Object.entries(metadata).map(
    ([key, value]) => `${key}: ${value.length > MOST ? `${value.slice(0, MOST)}...` : value}`,
  );
  return [
    `Graph "${name}": opset ${versions.join(", ")}; IR version ${irVersion}; producer ${producer || "unknown"}`,
    table(["", "Name", "Type", "Shape"], values),
    table(
      ["Operator", "Nodes"],
      [...Object.entries(ops).map(([op, count]) => [op, String(count)]), ["all", String(nodes)]],
    ),
    `Total params: ${parameters.toLocaleString("en-US")}`,
    entries.join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

const row = (kind: string, { name, type, shape }: DescribedValue): string[] => [
  kind,
  name,
  type,
  `[${shape.join(", ")}]`,
];
