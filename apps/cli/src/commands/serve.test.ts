import { expect, test } from "vitest";
import { pictures, writeFiles, writeModels } from "../testing/fixtures.ts";
import { testFolder } from "../testing/folder.ts";
import { resonnx } from "../testing/resonnx.ts";
import { serve } from "./serve.ts";

const folder = testFolder(async (path) => {
  await writeModels(path);
  await writeFiles(path, { "picture.onnx": pictures.red });
});

test("serves a file and a run folder until Ctrl-C", async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  let heard: (url: string) => void = () => undefined;
  const listening = new Promise<string>((resolve) => {
    heard = resolve;
  });
  const io = {
    interactive: false,
    out: (text: string) => void lines.push(`stdout: ${text}`),
    err: (text: string) => {
      lines.push(text);
      if (text.startsWith("listening on ")) heard(text.slice("listening on ".length));
    },
    status: () => undefined,
  };
  const options = { model: ["file=plain.onnx", "signs=run"], port: 0, host: "127.0.0.1" };
  const done = serve.run({ args: [], options, io, signal: stop.signal, at: (path) => `${folder()}/${path}` });
  const url = await listening;
  const init = { method: "POST", headers: { "content-type": "image/png" }, body: pictures.blue };
  const answer = await fetch(`${url}/v2/models/signs/classify?topK=1`, init);
  expect(await answer.json()).toMatchObject({ model_name: "signs", predictions: [{ label: "blue" }] });
  stop.abort();
  expect(await done).toBe("done");
  await expect(fetch(url)).rejects.toThrow();
  expect(lines.filter((line) => line.startsWith("stdout"))).toEqual([]);
});

test.each([
  [[], /required option '--model <name=file...>'/],
  [["--model", "run"], /--model: can't be read \(got run, wanted NAME=FILE\)/],
  [["--model", "a=missing.onnx"], /missing\.onnx: no such file or folder/],
  [["--model", "a=picture.onnx"], /not an ONNX model/],
  [
    ["--model", "a=plain.onnx", "--port", "70000"],
    /--port: not usable \(got 70000, wanted a whole number, 0 to 65535\)/,
  ],
])("%j is refused", async (args, message) => {
  const { code, err } = await resonnx(["serve", ...args], { folder: folder() });
  expect(code).toBe(2);
  expect(err).toMatch(message);
});
