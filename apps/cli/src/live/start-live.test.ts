import { request } from "node:http";
import type { TrainEvent } from "@resonnx/core";
import { expect, onTestFinished, test } from "vitest";
import { startLive } from "./start-live.ts";

const step: TrainEvent = {
  is: "step",
  epoch: 1,
  epochs: 2,
  step: 3,
  steps: 4,
  loss: 0.25,
  accuracy: 0.75,
  stepsPerSecond: 1,
  secondsLeft: 5,
};
const epoch: TrainEvent = {
  is: "epoch",
  epochs: 2,
  row: { epoch: 1, steps: 4, seconds: 5, loss: 0.5, accuracy: 0.5, learningRate: 0.001 },
};

/** The events of the page, read to the end of the stream. */
async function eventsOf(url: string): Promise<{ name: string; data: string }[]> {
  const text = await (await fetch(`${url}/events`)).text();
  return text
    .split("\n\n")
    .filter((each) => each !== "")
    .map((each) => {
      const [, name = "", data = ""] = /^event: (\w+)\ndata: (.*)$/.exec(each) ?? [];
      return { name, data: JSON.parse(data) as string };
    });
}

test("serves the page and what changes on it, and is gone afterwards", async () => {
  const live = await startLive("net on <pictures>");
  expect(live.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  live.tell({ is: "note", text: "engine onnx on cpu" });
  const answer = await fetch(live.url);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).toContain("<h1>net on &lt;pictures&gt;</h1>");
  expect(page).toContain("engine onnx on cpu");
  expect((await fetch(`${live.url}/report.html`)).status).toBe(404);

  const reading = eventsOf(live.url);
  await new Promise((resolve) => setTimeout(resolve, 200)); // the reader is there
  live.tell(step);
  await new Promise((resolve) => setTimeout(resolve, 1200)); // more than a period
  live.tell(epoch);
  await live.end({ how: "finished", text: "3 of 4." });
  const events = await reading;
  expect(events.map(({ name }) => name)).toEqual(["now", "curves", "now", "now", "curves", "end"]);
  expect(events[2]?.data).toContain('value="3"');
  expect(events[3]?.data).toContain("The training has finished.</strong> 3 of 4.");
  expect(events[4]?.data).toContain("<svg");
  await expect(fetch(live.url)).rejects.toThrow();
});

test("answers nobody who calls it by another name", async () => {
  const live = await startLive("net");
  onTestFinished(() => live.end({ how: "stopped", text: "" }));
  const statusFor = (host: string) =>
    new Promise<number>((resolve, reject) => {
      request(live.url, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });
  const port = new URL(live.url).port;
  expect(await statusFor(`127.0.0.1:${port}`)).toBe(200);
  expect(await statusFor(`evil.example:${port}`)).toBe(403);
});
