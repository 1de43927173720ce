/** Looks are kept of as many pictures, 30 MB in all. */
const MOST = 100_000;

/** Whether pictures are searched for those that look alike, and a note where they should be but are too many. */
export function looksOf(
  wanted: boolean,
  count: number,
): { readonly looks: boolean; readonly notes: readonly string[] } {
  if (!wanted || count <= MOST) return { looks: wanted, notes: [] };
  const text = `${count} pictures are more than are searched for those that look alike, ${MOST}: \`resonnx data inspect\` searches all.`;
  return { looks: false, notes: [text] };
}
