import { ResonnxError } from "@resonnx/base";
import { expect, test } from "vitest";
import { checkProviders, openFirst } from "./providers.ts";

/** Opens sessions where `broken` has no entry. */
const opener = (broken: Record<string, Error>) => async (provider: string) => {
  if (broken[provider]) throw broken[provider];
  return `session on ${provider}`;
};

test("takes the first that opens and says why the earlier ones didn't", async () => {
  const open = opener({ cuda: new Error("no such file"), webgpu: new Error("no adapter\n") });
  expect(await openFirst(["cuda", "webgpu", "cpu"], "cpu", open)).toEqual({
    session: "session on cpu",
    report: {
      provider: "cpu",
      skipped: [
        { provider: "cuda", reason: "no such file" },
        { provider: "webgpu", reason: "no adapter" },
      ],
    },
  });
});

test("onnxruntime's reasons without the C++ in front", async () => {
  const said =
    "/onnxruntime_src/a/webgpu_context.cc:136 void a::Init(const C&)::<lambda()> x == y was false. No supported adapters\n";
  const { report } = await openFirst(["webgpu", "cpu"], "cpu", opener({ webgpu: new Error(said) }));
  expect(report.skipped).toEqual([{ provider: "webgpu", reason: "No supported adapters" }]);
});

test("when the one that runs everything refuses, the model is at fault", async () => {
  const open = opener({ webgpu: new Error("no adapter"), cpu: new Error("Protobuf parsing failed") });
  await expect(openFirst(["webgpu", "cpu"], "cpu", open)).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringContaining("Protobuf parsing failed"),
  });
});

test("when only special ones were asked for, the machine is", async () => {
  await expect(openFirst(["cuda"], "cpu", opener({ cuda: new Error("no GPU") }))).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("cuda: no GPU"),
  });
  await expect(openFirst([], "cpu", opener({}))).rejects.toMatchObject({ code: "unavailable" });
});

test("an abort is not a reason to try the next", async () => {
  const aborted = new ResonnxError("aborted", { where: "load", what: "stopped" });
  await expect(openFirst(["cuda", "cpu"], "cpu", opener({ cuda: aborted }))).rejects.toBe(aborted);
});

test("checkProviders names what it doesn't know", () => {
  expect(checkProviders(["cpu", "cuda"], ["cuda", "cpu"])).toEqual(["cpu", "cuda"]);
  expect(() => checkProviders(["gpu"], ["cuda", "cpu"])).toThrow("got gpu, wanted cuda, cpu");
  expect(() => checkProviders(["cpu", "cpu"], ["cuda", "cpu"])).toThrow("named twice");
});
