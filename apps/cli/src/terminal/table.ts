/** Rows in columns: the first column to the left, numbers to the right; a line under the header. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const right = header.map((_, i) => rows.length > 0 && rows.every((row) => NUMBER.test(row[i] ?? "")));
  const line = (cells: readonly string[]): string =>
    widths.map((width, i) => (right[i] ? (cells[i] ?? "").padStart(width) : (cells[i] ?? "").padEnd(width))).join("  ");
  return [header, widths.map((width) => "-".repeat(width)), ...rows].map((cells) => line(cells).trimEnd()).join("\n");
}

const NUMBER = /^[-\d][\d.,]*(e[-+]?\d+)?( %)?$|^$/;

/** 0.9533 -> `95.33 %` */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
