import { ResonnxError } from "@resonnx/base";
import { type Labelled, SPLIT_NAMES, type SplitName } from "./dataset.ts";
import { labelsOf } from "./labels.ts";

/** An array of an .h5 or .npz file in C order: bytes, whole numbers or texts; `type` is for messages. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly type: string;
  /** As many values as the shape says; a Uint8Array exactly when the type is uint8. */
  readonly data: ArrayLike<number | bigint | string>;
}

/** A picture of an array, in the array's own size. */
export interface ArrayPicture extends Labelled {
  readonly width: number;
  readonly height: number;
  /** u8 RGB [height, width, 3]. */
  readonly rgb: Uint8Array;
}

/** The names that the tutorial's files and Keras' own .npz files give the pictures and labels of a split. */
export const KEYS: { readonly [S in SplitName]: readonly { readonly x: string; readonly y: string }[] } = {
  train: [
    { x: "train_set_x", y: "train_set_y" },
    { x: "x_train", y: "y_train" },
  ],
  val: [
    { x: "val_set_x", y: "val_set_y" },
    { x: "x_val", y: "y_val" },
  ],
  test: [
    { x: "test_set_x", y: "test_set_y" },
    { x: "x_test", y: "y_test" },
  ],
};
export const CLASSES_KEY = "list_classes";

/** Every name that is read from such a file. */
export const ALL_KEYS: readonly string[] = [
  CLASSES_KEY,
  ...SPLIT_NAMES.flatMap((split) => KEYS[split]).flatMap(({ x, y }) => [x, y]),
];

/**
 * The arrays of several files as one file's. Both files of a pair list the classes, the same ones; any other array that
 * comes twice is `bad-input`.
 */
export function mergeArrays(files: readonly ReadonlyMap<string, NamedArray>[], where: string): Map<string, NamedArray> {
  const merged = new Map<string, NamedArray>();
  for (const [name, array] of files.flatMap((file) => [...file])) {
    const before = merged.get(name);
    const isSame = name === CLASSES_KEY && before && texts(before).join() === texts(array).join();
    if (before && !isSame) throw bad(where, "an array in two files", name, "one train_* file and one test_* file");
    merged.set(name, array);
  }
  return merged;
}

const texts = ({ data }: NamedArray) => Array.from(data, String);

/** The pictures of all splits and the classes in order. Throws `bad-input` on arrays that don't fit each other. */
export function picturesOf(
  arrays: ReadonlyMap<string, NamedArray>,
  where: string,
): { pictures: readonly ArrayPicture[]; labels: readonly string[] } {
  const pairs = SPLIT_NAMES.flatMap((split) =>
    KEYS[split].filter(({ x }) => arrays.has(x)).map((keys) => ({ split, ...keys, ...pairOf(arrays, keys, where) })),
  );
  if (pairs.length === 0) {
    throw bad(where, "no pictures", [...arrays.keys()].join(", ") || "no arrays", "train_set_x or test_set_x");
  }
  const labels = classNames(arrays, where) ?? labelsOf(pairs.flatMap(({ numbers }) => numbers.map(asLabel)));
  const known = arrays.has(CLASSES_KEY) ? labels : undefined;
  const pictures = pairs.flatMap(({ split, x, y, numbers, picture }) =>
    numbers.map((number, i): ArrayPicture => {
      const label = known ? known[number] : String(number);
      if (label === undefined)
        throw bad(`${where} ${y}[${i}]`, "not a class", `${number}`, `0 to ${labels.length - 1}`);
      return { name: `${x}[${i}]`, label, split, ...picture(i) };
    }),
  );
  return { pictures, labels };
}

const asLabel = (number: number) => ({ label: String(number) });

function classNames(arrays: ReadonlyMap<string, NamedArray>, where: string): string[] | undefined {
  const list = arrays.get(CLASSES_KEY);
  const names = list && texts(list);
  if (names && new Set(names).size < names.length) {
    throw bad(`${where} ${CLASSES_KEY}`, "a class twice", names.join(", "), "distinct names");
  }
  return names;
}

/** The class numbers of a split and its pictures. */
function pairOf(arrays: ReadonlyMap<string, NamedArray>, { x, y }: { x: string; y: string }, where: string) {
  const { shape, type, data } = arrays.get(x)!;
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const isPicture = shape.length === 3 || (shape.length === 4 && (channels === 3 || channels === 1));
  if (!isPicture || !(data instanceof Uint8Array) || width === 0 || height === 0) {
    throw bad(`${where} ${x}`, "not pictures", `${type} [${shape.join(", ")}]`, "uint8 [count, height, width, 3]");
  }
  const labels = arrays.get(y);
  if (!labels) throw bad(`${where} ${x}`, "pictures without labels", `no ${y}`, `${y}, a class number a picture`);
  const numbers = Array.from(labels.data, Number);
  if (numbers.length !== count) {
    throw bad(`${where} ${y}`, `not a label a picture of ${x}`, `${numbers.length}`, `${count}`);
  }
  const bytes = width * height * channels;
  const picture = (i: number) => {
    const own = data.subarray(i * bytes, (i + 1) * bytes);
    return { width, height, rgb: channels === 3 ? own : tripled(own) };
  };
  return { numbers, picture };
}

function tripled(gray: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(gray.length * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = gray[Math.floor(i / 3)]!;
  return rgb;
}

function bad(where: string, what: string, got: string, wanted: string): ResonnxError {
  return new ResonnxError("bad-input", { where, what, got, wanted });
}
