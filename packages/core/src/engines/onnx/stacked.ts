import type { Arrays } from "./protocol.ts";

/** Arrays of the same names and shapes, those of one name behind each other: [sets, ...its shape]. */
export function stacked(sets: readonly Arrays[]): Arrays {
  const [first] = sets;
  return Object.fromEntries(
    Object.entries(first!).map(([name, { dims, data }]) => {
      const all = new Float32Array(sets.length * data.length);
      for (const [i, arrays] of sets.entries()) all.set(arrays[name]!.data, i * data.length);
      return [name, { dims: [sets.length, ...dims], data: all }];
    }),
  );
}
