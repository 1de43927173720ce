import { layers } from "./layers/index.ts";
import { activationNames } from "./layers/parts/activation.ts";
import type { LayerRule, Unsupported } from "./layers/rule.ts";
import { isModel } from "./source/read-tree.ts";

/** The layers and activations that can be exported, as the README's Markdown. */
export function supportTable(): string {
  const table: Readonly<Record<string, LayerRule | Unsupported>> = layers;
  const entries = Object.entries(table).sort(([a], [b]) => a.localeCompare(b));
  const rows = entries.map(
    ([name, rule]) => [name, "unsupported" in rule && !isModel(name) ? rule.unsupported : "yes"] as const,
  );
  const ruled = rows.filter(([, exported]) => exported === "yes").length;
  return [
    `${ruled} of ${rows.length} layer classes; activations: ${activationNames.join(", ")}.`,
    "",
    ...aligned([["layer", "exported"], ["", ""], ...rows]),
  ].join("\n");
}

/** Rows with their columns padded, as the formatter wants them; a row of empty cells becomes the rule. */
function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    const fill = row.every((cell) => cell === "") ? "-" : " ";
    return `| ${row.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(" | ")} |`;
  });
}
