import { expect, test } from "vitest";
import { describeAdapter } from "./adapter.ts";

const info = { vendor: "", architecture: "", description: "", isFallbackAdapter: false };

test.each([
  [
    { ...info, vendor: "google", architecture: "swiftshader" },
    { name: "google swiftshader", software: true },
  ],
  [
    { ...info, vendor: "mesa", description: "llvmpipe (LLVM 17)" },
    { name: "mesa llvmpipe (LLVM 17)", software: true },
  ],
  [
    { ...info, vendor: "microsoft", description: "Microsoft Basic Render Driver" },
    { name: "microsoft Microsoft Basic Render Driver", software: true },
  ],
  [
    { ...info, isFallbackAdapter: true },
    { name: "unnamed adapter", software: true },
  ],
  [
    { ...info, vendor: "nvidia", architecture: "ampere" },
    { name: "nvidia ampere", software: false },
  ],
  [
    { ...info, vendor: "apple", architecture: "metal-3" },
    { name: "apple metal-3", software: false },
  ],
])("describes %o", (adapter, facts) => {
  expect(describeAdapter(adapter)).toEqual(facts);
});
