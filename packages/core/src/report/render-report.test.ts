import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { calibration } from "../metrics/calibration.ts";
import { evaluation } from "../metrics/evaluation.ts";
import { type RunReport, renderReport } from "./render-report.ts";

const report: RunReport = {
  title: "resnet50 on <signs>",
  history: Array.from({ length: 5 }, (_, i) => ({
    epoch: i + 1,
    steps: 34,
    seconds: 20,
    loss: 2 / (i + 1),
    accuracy: 1 - 0.5 / (i + 1),
    valLoss: 3 / (i + 1),
    valAccuracy: 1 - 0.9 / (i + 1),
    learningRate: 0.001,
  })),
  evaluation: evaluation(Float32Array.of(0.9, 0.1, 0.4, 0.6, 0.2, 0.8), Int32Array.of(0, 0, 1), ["a&b", "<c>"]),
  evaluatedOn: "test split",
  config: { epochs: 5, resume: false },
  notes: ["12 of 120 test pictures are byte-identical to a train or val picture."],
  versions: { node: "20.20.2" },
};
const page = async (change: Partial<RunReport> = {}) => {
  const text = await renderReport({ ...report, ...change });
  return { text, document: parseHTML(text).document };
};
const texts = (nodes: Iterable<{ textContent: string | null }>) => Array.from(nodes, ({ textContent }) => textContent);

describe("renderReport", () => {
  test("shows the result, the matrix, the scores and the facts", async () => {
    const { document } = await page();
    expect(document.querySelector(".result")?.textContent).toBe("66.67 % right: 2 of 3 (test split), loss 0.4149");
    expect(texts(document.querySelectorAll(".confusion td"))).toEqual(["1", "1", "0", "1"]);
    expect(texts(document.querySelectorAll(".confusion thead th"))).toEqual(["", "a&b", "<c>"]);
    const scores = document.querySelectorAll("table")[1]!;
    expect(texts(scores.querySelectorAll("td"))).toEqual([
      "1.0000",
      "0.5000",
      "0.6667",
      "2",
      "0.5000",
      "1.0000",
      "0.6667",
      "1",
    ]);
    expect(texts(document.querySelectorAll(".facts tr"))).toEqual(["epochs5", "resumefalse", "node20.20.2"]);
    expect(texts(document.querySelectorAll("li"))).toEqual(report.notes);
  });

  test("draws both curves with a point an epoch", async () => {
    const { document } = await page();
    const svgs = [...document.querySelectorAll("svg")];
    expect(svgs.map((svg) => svg.getAttribute("aria-label"))).toEqual([
      "loss by epoch",
      "accuracy by epoch",
      "learning rate by epoch",
    ]);
    for (const svg of svgs) {
      const lines = [...svg.querySelectorAll('g[aria-label="line"] path')].filter((path) =>
        path.hasAttribute("marker-start"),
      );
      expect(lines).toHaveLength(svg.getAttribute("aria-label")?.startsWith("learning") ? 1 : 2);
      for (const line of lines) expect(line.getAttribute("d")).toMatch(/^M[\d.,]+(L[\d.,]+){4}$/);
    }
  });

  test("a line goes down when the loss does", async () => {
    const { document } = await page();
    const d = document.querySelector('svg g[aria-label="line"] path[marker-start]')!.getAttribute("d")!;
    const heights = [...d.matchAll(/[ML][\d.]+,([\d.]+)/g)].map((match) => Number(match[1]));
    expect(heights).toEqual(heights.toSorted((a, b) => a - b)); // SVG's y axis points down
  });

  test("is one file: nothing is loaded, names are escaped", async () => {
    const { text } = await page();
    expect(text).not.toMatch(/<script|<link|<img|@import|url\(\s*["']?(?!#)/);
    expect(text).not.toContain("<signs>");
    expect(text).toContain("<title>resnet50 on &lt;signs&gt;</title>");
    expect(text).toContain("a&amp;b");
  });

  test("says when there is no validation split, and leaves out what isn't there", async () => {
    const history = [{ epoch: 1, steps: 1, seconds: 1, loss: 1, accuracy: 0.5, learningRate: 0.1 }];
    const { text, document } = await page({ history, notes: [] });
    expect(text).toContain("no validation split");
    expect(document.querySelectorAll("li")).toHaveLength(0);
    expect(document.querySelectorAll("svg")).toHaveLength(3);
    expect((await page({ history: [] })).document.querySelectorAll("svg")).toHaveLength(0);
  });

  test("details show calibration, mistakes, data, what the network sees, cost and architecture", async () => {
    const details: RunReport["details"] = {
      calibration: calibration(Float32Array.of(0.9, 0.1, 0.4, 0.6), Int32Array.of(0, 0), 2),
      mistakes: [
        { name: "<x>.jpg", truth: "a&b", predicted: "<c>", confidence: 0.6, picture: "data:image/jpeg;base64,AA" },
      ],
      data: { labels: ["a&b", "<c>"], counts: { train: [3, 1], test: [1, 0] } },
      contactSheet: "data:image/png;base64,BB",
      cost: { "pictures a second": 50 },
      architecture: "<svg class='plot'></svg>",
    };
    const { document, text } = await page({ details });
    expect(document.querySelector('svg[aria-label="accuracy by confidence"]')).not.toBeNull();
    expect(text).toContain("Expected calibration error 35.00 %"); // (|0.9 - 1| + |0.6 - 0|) / 2
    expect(texts(document.querySelectorAll("figcaption"))).toEqual(["a&b, taken for <c> at 60.0 %"]);
    expect([...document.querySelectorAll("img")].map((img) => img.getAttribute("src"))).toEqual([
      "data:image/jpeg;base64,AA",
      "data:image/png;base64,BB",
    ]);
    expect(texts(document.querySelectorAll("table")[2]!.querySelectorAll("td"))).toEqual([
      "3",
      "1",
      "1",
      "0",
      "4",
      "1",
    ]);
    expect(document.querySelector("details svg.plot")).not.toBeNull();
    const none = { ...details, mistakes: [], contactSheet: undefined };
    expect((await page({ details: none })).document.querySelectorAll("img")).toHaveLength(0);
  });
});
