import type { Arrays } from "./protocol.ts";

/** Arrays of the same names and shapes, those of one name behind each other: [sets, ...its shape]. */
export function stacked(sets: readonly Arrays[]): Arrays {
  const [first] = sets;
  return Object.fromEntries(
    Object.entries(first!).map(
      ([
        name,
        {
          dims,
          data: { length },
        },
      ]) => {
        const data = new Float32Array(sets.length * length);
        for (const [i, arrays] of sets.entries()) data.set(arrays[name]!.data, i * length);
        return [name, { dims: [sets.length, ...dims], data }];
      },
    ),
  );
}
