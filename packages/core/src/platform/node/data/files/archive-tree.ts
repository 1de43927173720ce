import { basename } from "node:path";
import { ResonnxError } from "@resonnx/base";
import { splitOfFolder } from "../../../../data/layouts/split-of-folder.ts";
import { type FileTree, indexIn, isHidden, MAX_DEPTH } from "./file-tree.ts";
import type { Place } from "./place.ts";

/** The entries of an archive as they come: names and numbers in columns, since there may be a million. */
export class ArchiveEntries {
  readonly #path: string;
  readonly #names: string[] = [];
  /** Whatever says where an entry lies, `width` numbers an entry. */
  readonly #numbers: number[] = [];
  readonly #width: number;
  readonly #links: { readonly name: string; readonly target: string }[] = [];

  constructor(path: string, width: number) {
    this.#path = path;
    this.#width = width;
  }

  /** Throws `bad-input` for a name that leads out of the archive. */
  add(name: string, ...numbers: readonly number[]): void {
    this.#names.push(this.#clean(name));
    this.#numbers.push(...numbers);
  }

  /** Another name of an entry. */
  link(name: string, target: string): void {
    this.#links.push({ name: this.#clean(name), target: this.#clean(target) });
  }

  /** What was added and isn't hidden; of two entries with one name, the later one. */
  tree(placeOf: (path: string, numbers: readonly number[]) => Place): FileTree {
    this.#follow();
    const [path, width, given] = [this.#path, this.#width, this.#names];
    const shown = [...given.keys()].filter((entry) => !given[entry]!.split("/").some(isHidden));
    const strip = lengthOfTop(shown, given, path);
    const kept = shown.filter((entry) => given[entry]!.slice(strip).split("/").length <= MAX_DEPTH);
    kept.sort((a, b) => (given[a]! < given[b]! ? -1 : given[a]! > given[b]! ? 1 : a - b));
    const last = kept.filter((entry, at) => given[entry] !== given[kept[at + 1] ?? -1]);
    const names = last.map((entry) => given[entry]!.slice(strip));
    const rows = new Float64Array(last.length * width);
    last.forEach((entry, at) => {
      for (let i = 0; i < width; i++) rows[at * width + i] = this.#numbers[entry * width + i]!;
    });
    return {
      path,
      names,
      place(name) {
        const at = indexIn(names, name);
        return placeOf(path, [...rows.subarray(at * width, (at + 1) * width)]);
      },
    };
  }

  /** Turns links into entries; one to nowhere is an entry of zeros, which nothing can be read from. */
  #follow(): void {
    if (this.#links.length === 0) return;
    const entries = new Map(this.#names.map((name, entry) => [name, entry]));
    for (const { name, target } of this.#links) {
      const entry = entries.get(target);
      entries.set(name, this.#names.length);
      this.#names.push(name);
      for (let i = 0; i < this.#width; i++)
        this.#numbers.push(entry === undefined ? 0 : this.#numbers[entry * this.#width + i]!);
    }
  }

  #clean(name: string): string {
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    if (!name.startsWith("/") && !parts.includes("..")) return parts.join("/");
    const got = JSON.stringify(name);
    throw new ResonnxError("bad-input", { where: this.#path, what: "a name that leads out of the archive", got });
  }
}

/**
 * Characters of the one folder that holds everything, as in an archive made of a folder and not inside it: it counts as
 * the top. A folder that is named after a split is one (`train/cat/1.jpg`), unless the archive is named after it too.
 */
function lengthOfTop(entries: readonly number[], names: readonly string[], path: string): number {
  const top = names[entries[0] ?? -1]?.split("/", 1)[0];
  if (top === undefined || !entries.every((entry) => names[entry]!.startsWith(`${top}/`))) return 0;
  return splitOfFolder(top) && !basename(path).startsWith(`${top}.`) ? 0 : top.length + 1;
}
