import { readFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readKeras } from "../read/read-keras.ts";
import { Zip } from "./zip.ts";

/** As Python's zipfile wrote it. */
const archive = () => new Uint8Array(readFileSync(new URL("../fixtures/keras3.keras", import.meta.url)));
const text = "weights ".repeat(100);

test("a value that changed on the way is found by its file's checksum", async () => {
  const bytes = archive();
  bytes[bytes.length - 3000]! ^= 1; // among the weights, which are stored last
  await expect(readKeras(bytes, { name: "small.keras" })).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringMatching(
      /small\.keras: .*the CRC-32 of model\.weights\.h5 is [0-9a-f]{8} instead of [0-9a-f]{8}/,
    ),
  });
});

describe("sound archives are read", () => {
  const files = { "a.txt": strToU8(text), "sub/ä.txt": strToU8("other") };
  test.for([
    ["stored", { level: 0 }],
    ["deflated", { level: 9 }],
  ] as const)("%s", ([, options]) => {
    const zip = new Zip(zipSync(files, options), "test");
    expect([...zip.names]).toEqual(["a.txt", "sub/ä.txt"]);
    expect(new TextDecoder().decode(zip.read("a.txt"))).toBe(text);
    expect(new TextDecoder().decode(zip.read("sub/ä.txt"))).toBe("other");
    expect(zip.read("b.txt")).toBeUndefined();
  });

  test("as Python wrote it, with a comment behind", () => {
    const comment = strToU8("a comment");
    const bytes = new Uint8Array([...archive(), ...comment]);
    bytes[bytes.length - comment.length - 2] = comment.length; // the end's last field
    const metadata = new TextDecoder().decode(new Zip(bytes, "test").read("metadata.json"));
    expect(JSON.parse(metadata)).toMatchObject({ keras_version: expect.stringMatching(/^3\./) });
  });
});

test("a checksum that is itself damaged counts too", () => {
  const bytes = zipSync({ "a.txt": strToU8(text) }, { level: 0 });
  const entry = Buffer.from(bytes).indexOf(Uint8Array.of(0x50, 0x4b, 1, 2));
  bytes[entry + 16]! ^= 1;
  expect(() => new Zip(bytes, "test").read("a.txt")).toThrow(/the CRC-32 of a\.txt/);
});
