import { describe, expect, test } from "vitest";
import { catalog } from "./index.ts";

describe("catalog", () => {
  test.each([
    {
      layout: "a folder a class",
      files: ["cat/1.jpg", "cat/2.png", "train/1.jpg", "readme.png"],
      pictures: ["cat/1.jpg=cat", "cat/2.png=cat", "train/1.jpg=train"],
      leftOut: ["readme.png"],
    },
    {
      layout: "a folder a split, in it a folder a class",
      files: ["test/cat/1.jpg", "train/cat/1.jpg", "train/dog/2.jpg", "validation/dog/3.jpg", "extra/dog/4.jpg"],
      pictures: [
        "test/cat/1.jpg=cat@test",
        "train/cat/1.jpg=cat@train",
        "train/dog/2.jpg=dog@train",
        "validation/dog/3.jpg=dog@val",
      ],
      leftOut: ["extra/dog/4.jpg"],
    },
    {
      layout: "the label before the first _",
      files: ["0_a_b.jpg", "10_c.jpg"],
      pictures: ["0_a_b.jpg=0", "10_c.jpg=10"],
      leftOut: [],
    },
    {
      layout: "the label in the name, a folder a split",
      files: ["test_signs/0_a.jpg", "train_signs/1_b.jpg", "val_signs/2_c.jpg"],
      pictures: ["test_signs/0_a.jpg=0@test", "train_signs/1_b.jpg=1@train", "val_signs/2_c.jpg=2@val"],
      leftOut: [],
    },
    {
      layout: "classes named like splits stay classes when a name has no label",
      files: ["train/1.jpg", "tram/IMG_2.jpg"],
      pictures: ["train/1.jpg=train", "tram/IMG_2.jpg=tram"],
      leftOut: [],
    },
  ])("$layout", ({ files, pictures, leftOut }) => {
    const found = catalog({ files }, "D");
    expect(found.pictures.map(({ name, label, split }) => `${name}=${label}${split ? `@${split}` : ""}`)).toEqual(
      pictures,
    );
    expect(found.leftOut).toEqual(leftOut);
  });

  test("a table beside the pictures comes before everything else", () => {
    const splitsCsv = "file,who,label,split\r\na/1.jpg,x,one,test\r\n";
    expect(catalog({ files: ["a/1.jpg", "a/2.jpg"], splitsCsv }, "D")).toEqual({
      pictures: [{ name: "a/1.jpg", label: "one", split: "test" }],
      leftOut: ["a/2.jpg"],
    });
  });

  test.each([
    ["file,label\na/1.jpg,x", /lacks a column \(got "file,label", wanted split\)/],
    ["file,label,split\na/1.jpg,x", /a row doesn't fit the header \(got "a\/1.jpg,x", wanted 3 cells\)/],
    ["file,label,split\na/2.jpg,x,test", /a picture that isn't there \(got "a\/2.jpg"/],
    ["file,label,split\na/1.jpg,x,tset", /an unknown split .* wanted train, val, test/],
    ["file,label,split\na/1.jpg,one,train\na/1.jpg,one,test", /a picture twice .*a\/1\.jpg/],
    ["file,label,split\na/1.jpg,,train", /a row without a label .*a\/1\.jpg,,train/],
    ["file,label,split\na/1.jpg, ,train", /a row without a label/],
  ])("a table that can't be: %j", (splitsCsv, message) => {
    expect(() => catalog({ files: ["a/1.jpg"], splitsCsv }, "D")).toThrow(message);
  });

  test.each([
    [[], /^D: no pictures .*wanted .*D\/\{class\}\/\*/],
    [["a.jpg", "b_c.jpg"], /^D: pictures without classes \(got a.jpg, b_c.jpg/],
  ])("refuses %j", (files, message) => expect(() => catalog({ files }, "D")).toThrow(message));
});
