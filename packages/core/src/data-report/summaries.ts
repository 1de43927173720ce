/** How often each text occurs, the most common first. */
export function tally(texts: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** The sizes of pictures, in pixels. */
export interface SizeSummary {
  /** By area. */
  readonly smallest: Size;
  readonly median: Size;
  readonly largest: Size;
  /** Different ones. */
  readonly distinct: number;
  /** Every size, the most common first. */
  readonly counts: readonly (Size & { readonly count: number })[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Zeros without pictures. */
export function sizesOf(pictures: readonly Size[]): SizeSummary {
  const none = { width: 0, height: 0 };
  const byArea = pictures.map(({ width, height }) => ({ width, height })).sort((a, b) => areaOf(a) - areaOf(b));
  const counts = Object.entries(tally(byArea.map(({ width, height }) => `${width} ${height}`)));
  return {
    smallest: byArea[0] ?? none,
    median: byArea[byArea.length >> 1] ?? none,
    largest: byArea.at(-1) ?? none,
    distinct: counts.length,
    counts: counts.map(([size, count]) => {
      const [width, height] = size.split(" ").map(Number);
      return { width: width!, height: height!, count };
    }),
  };
}

const areaOf = ({ width, height }: Size): number => width * height;
