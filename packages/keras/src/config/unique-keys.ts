/** Keras' keys for objects in a list: the class in snake case, and a number from the second on. */
export function uniqueKeys(kinds: readonly { readonly className: string }[]): string[] {
  const used = new Map<string, number>();
  return kinds.map(({ className }) => {
    const words = className.replace(/(.)([A-Z][a-z]+)/g, "$1_$2").replace(/([a-z])([A-Z])/g, "$1_$2");
    const key = words.toLowerCase();
    const count = used.get(key) ?? 0;
    used.set(key, count + 1);
    return count === 0 ? key : `${key}_${count}`;
  });
}
