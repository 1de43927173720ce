import { ResonnxError, reasonOf, resize } from "@resonnx/base";
import { type Split, splitOf } from "@resonnx/core";
import { SIDE } from "./network.ts";

/** A class as the user gives it. */
export interface Lesson {
  readonly label: string;
  readonly pictures: readonly Blob[];
}

export interface Splits {
  readonly train: Split;
  /** One picture in five of every class, where there are enough to hold some out. */
  readonly val: Split | undefined;
}

/** A class with fewer pictures has none to spare. */
const ENOUGH = 10;
const HELD_OUT = 5;

interface Labelled {
  readonly name: string;
  readonly label: number;
  readonly pixels: Uint8Array;
  readonly isHeldOut: boolean;
}

/** Decodes all pictures. Throws `bad-input` naming the first one that can't be decoded. */
export async function splitsOf(lessons: readonly Lesson[]): Promise<Splits> {
  const all: Labelled[] = [];
  for (const [label, lesson] of lessons.entries())
    for (const [i, picture] of lesson.pictures.entries()) {
      const name = `${lesson.label} ${i + 1}`;
      all.push({ name, label, pixels: await rgbOf(picture, name), isHeldOut: i % HELD_OUT === HELD_OUT - 1 });
    }
  if (lessons.some(({ pictures }) => pictures.length < ENOUGH)) return { train: splitFrom(all), val: undefined };
  return {
    train: splitFrom(all.filter(({ isHeldOut }) => !isHeldOut)),
    val: splitFrom(all.filter(({ isHeldOut }) => isHeldOut)),
  };
}

const splitFrom = (pictures: readonly Labelled[]): Split =>
  splitOf(
    pictures.map(({ name }) => name),
    Int32Array.from(pictures, ({ label }) => label),
    SIDE * SIDE * 3,
    (index) => pictures[index]!.pixels,
  );

/** u8 RGB [SIDE, SIDE, 3], resized as the runtimes resize it when they classify. */
async function rgbOf(picture: Blob, where: string): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(picture, { imageOrientation: "from-image" }).catch((cause: unknown) => {
    throw new ResonnxError("bad-input", { where, what: `no picture: ${reasonOf(cause)}`, cause });
  });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new ResonnxError("unavailable", { where, what: "the browser gives no 2d canvas" });
  context.fillStyle = "white";
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  const { data } = resize(context.getImageData(0, 0, bitmap.width, bitmap.height), SIDE, SIDE);
  bitmap.close();
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]!);
}
