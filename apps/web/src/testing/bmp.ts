/** A picture of one colour as a 24-bit BMP file. `side` must be a multiple of 4: rows are then unpadded. */
export function bmp(side: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const pixels = side * side;
  const file = Buffer.alloc(54 + 3 * pixels);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10); // where the pixels begin
  file.writeUInt32LE(40, 14); // size of this header
  file.writeInt32LE(side, 18);
  file.writeInt32LE(side, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let i = 0; i < pixels; i++) file.set([blue, green, red], 54 + 3 * i);
  return file;
}
