/** Things that belong together, joined pair by pair (union-find with path halving, Tarjan & van Leeuwen 1984). */
export class Sets {
  readonly #parent: Int32Array;

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, i) => i);
  }

  join(a: number, b: number): void {
    const [first, second] = [this.#root(a), this.#root(b)];
    this.#parent[Math.max(first, second)] = Math.min(first, second);
  }

  /** The sets of two and more, each in ascending order, in the order of their first members. */
  all(): number[][] {
    const sets = new Map<number, number[]>();
    for (let i = 0; i < this.#parent.length; i++) {
      const root = this.#root(i);
      const members = sets.get(root);
      if (members) members.push(i);
      else sets.set(root, [i]);
    }
    return [...sets.values()].filter(({ length }) => length > 1);
  }

  #root(i: number): number {
    const parent = this.#parent;
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }
}
