import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";

/** A zip archive of files that are stored as they are (PKWARE APPNOTE 4.3). */
export function storedZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(files)) {
    const encoded = Buffer.from(name);
    const sizes = (header: Buffer, at: number) => {
      header.writeUInt32LE(crc32(data), at - 4);
      header.writeUInt32LE(data.length, at);
      header.writeUInt32LE(data.length, at + 4);
      header.writeUInt16LE(encoded.length, at + 8);
      return header;
    };
    const local = sizes(Buffer.alloc(30), 18);
    local.writeUInt32LE(0x04034b50, 0);
    const central = sizes(Buffer.alloc(46), 20);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt32LE(offset, 42);
    parts.push(local, encoded, data);
    directory.push(central, encoded);
    offset += local.length + encoded.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
