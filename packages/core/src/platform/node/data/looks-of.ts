/** Looks are kept of as many pictures, 60 MB in all with their names, and compared in 0.6 s. */
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
