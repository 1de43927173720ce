import { layers } from "./layers/index.ts";
import { activationNames } from "./layers/parts/activation.ts";
import type { LayerRule, Unsupported } from "./layers/rule.ts";

/** The layers and activations that can be exported, as the README's Markdown. */
export function supportTable(): string {
  const table: Readonly<Record<string, LayerRule | Unsupported>> = layers;
  const rows = Object.entries(table)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, rule]) => `| ${name} | ${"unsupported" in rule ? rule.unsupported : "yes"} |`);
  const ruled = Object.values(table).filter((rule) => !("unsupported" in rule)).length;
  return [
    `${ruled} of ${rows.length} layer classes; activations: ${activationNames.join(", ")}.`,
    "",
    "| layer | exported |",
    "|---|---|",
    ...rows,
  ].join("\n");
}
