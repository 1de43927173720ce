import { metadataProps } from "@resonnx/base";
import { Builder, encode, Graph } from "@resonnx/onnx";
import { expect, test } from "vitest";
import { siteOfThisFile } from "./testing/site.ts";

const site = siteOfThisFile();

/** How much red, green and blue a picture has. */
function coloursModel(): Buffer {
  const graph = new Graph("colours");
  const b = new Builder(graph);
  const image = graph.input("image", { dtype: "float32", shape: ["batch", 4, 4, 3] });
  graph.output("scores", b.mean(image, [1, 2], 0));
  const zeros = [0, 0, 0];
  const ones = [1, 1, 1];
  const preprocessing = {
    width: 4,
    height: 4,
    channelOrder: "rgb",
    scale: 1 / 255,
    mean: zeros,
    std: ones,
    layout: "nhwc",
  } as const;
  return Buffer.from(encode(graph, { metadata: metadataProps({ labels: ["red", "green", "blue"], preprocessing }) }));
}

const model = { name: "colours.onnx", mimeType: "application/octet-stream", buffer: coloursModel() };
/** 4x4 pixels of rgb(204, 51, 102), written by sharp 0.35. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQImWM4Y5wGRwzEcQBK0hZRRoxn5QAAAABJRU5ErkJggg==";
const picture = { name: "pink.png", mimeType: "image/png", buffer: Buffer.from(png, "base64") };

test("a model file and a picture give labels and scores, and the page says what ran", async () => {
  await site.page.goto(site.address);
  await site.page.getByLabel("Choose an .onnx file").setInputFiles(model);
  await site.page.getByText("Runs on").waitFor();
  expect(await site.page.locator("#model-facts").textContent()).toMatch(/Runs onwasmNot webgpu\S+/);
  await site.page.getByLabel("Choose a picture").setInputFiles(picture);
  await site.page.locator("#answer ol").waitFor();
  const lines = await site.page.locator("#answer li").allInnerTexts();
  expect(lines.map((line) => line.replace(/\s+/g, " "))).toEqual(["red 80.0 %", "blue 40.0 %", "green 20.0 %"]);
});

test("files that can't be used are explained, and the next choice works", async () => {
  await site.page.goto(site.address);
  await site.page.getByLabel("Choose an .onnx file").setInputFiles({ ...picture, name: "wrong.onnx" });
  await site.page.locator("#model-facts .wrong").waitFor();
  expect(await site.page.locator("#model-facts").textContent()).toMatch(/not an ONNX model.*PNG/);
  await site.page.locator("#model-file").setInputFiles(model);
  await site.page.getByText("Runs on").waitFor();
  await site.page.locator("#picture-file").setInputFiles({ ...picture, buffer: Buffer.from("no picture") });
  await site.page.locator("#answer .wrong").waitFor();
  await site.page.locator("#picture-file").setInputFiles(picture);
  await site.page.locator("#answer ol").waitFor();
});

test("?model= loads a model at once; a missing one is explained", async () => {
  await site.page.route("**/colours.onnx", (route) => route.fulfill({ body: model.buffer }));
  await site.page.goto(`${site.address}?model=colours.onnx`);
  await site.page.getByText("Runs on").waitFor();
  await site.page.route("**/missing.onnx", (route) => route.fulfill({ status: 404 }));
  await site.page.goto(`${site.address}?model=missing.onnx`);
  await site.page.locator("#model-facts .wrong").waitFor();
  expect(await site.page.locator("#model-facts").textContent()).toContain("HTTP 404");
});
