import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { calibration } from "../metrics/calibration.ts";
import { evaluation } from "../metrics/evaluation.ts";
import type { ReportDetails, ShownMistake } from "./details.ts";
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
const data = { labels: ["a&b", "<c>"], counts: { train: [3, 1], test: [1, 0] }, duplicates: ["<twin>.jpg"] };
const details: ReportDetails = {
  calibration: calibration(Float32Array.of(0.9, 0.1, 0.4, 0.6), Int32Array.of(0, 0), 2),
  mistakes: [
    {
      name: "<x>.jpg",
      truth: "a&b",
      predicted: "<c>",
      confidence: 0.6,
      picture: "data:image/jpeg;base64,AA",
      maps: { predicted: "data:image/jpeg;base64,PP", truth: "data:image/jpeg;base64,TT" },
    },
  ],
  heatMaps: { layer: "relu_7", places: [4, 5] },
  data,
  contactSheet: "data:image/png;base64,BB",
  cost: { "pictures a second": 50 },
  architecture: "<svg class='plot'></svg>",
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
    expect(texts(document.querySelectorAll(".confusion tbody td"))).toEqual(["1", "1", "0", "1"]);
    expect(texts(document.querySelectorAll(".confusion thead th"))).toEqual(["a&b", "<c>"]);
    expect(texts(document.querySelectorAll(".tiles div")).slice(0, 2)).toEqual([
      "mistakes1",
      "hardest classa&b, 50 % found",
    ]);
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
      "loss by epoch: training from 2 to 0.4, validation from 3 to 0.6",
      "accuracy by epoch: training from 0.5 to 0.9, validation from 0.1 to 0.82",
      "learning rate by epoch: training from 0.001 to 0.001",
    ]);
    for (const svg of svgs) {
      const lines = [...svg.querySelectorAll('g[data-mark="line"] path')].filter((path) =>
        path.hasAttribute("marker-start"),
      );
      expect(lines).toHaveLength(svg.getAttribute("aria-label")?.startsWith("learning") ? 1 : 2);
      for (const line of lines) expect(line.getAttribute("d")).toMatch(/^M[\d.,]+(L[\d.,]+){4}$/);
    }
  });

  test("a line goes down when the loss does", async () => {
    const { document } = await page();
    const d = document.querySelector('svg g[data-mark="line"] path[marker-start]')!.getAttribute("d")!;
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
    const { document, text } = await page({ details });
    expect(
      document.querySelector('svg[aria-label^="accuracy by confidence. 1 pictures at 0.6: 0 % of them right"]'),
    ).not.toBeNull();
    expect(text).toContain("Expected calibration error 35.00 %"); // (|0.9 - 1| + |0.6 - 0|) / 2
    expect(texts(document.querySelectorAll("figcaption"))).toEqual(["a&b, taken for <c> at 60.0 %"]);
    const images = [...document.querySelectorAll("img")].map((img) => [
      img.getAttribute("src"),
      img.getAttribute("alt"),
    ]);
    expect(images).toEqual([
      ["data:image/jpeg;base64,AA", "<x>.jpg"],
      ["data:image/jpeg;base64,PP", "where it looks like <c>"],
      ["data:image/jpeg;base64,TT", "where it looks like a&b"],
      ["data:image/png;base64,BB", "training pictures and their augmentations"],
    ]);
    expect(text).toContain("of the 4 x 5 places of “relu_7”");
    expect(texts(document.querySelectorAll("details li"))).toEqual(["<twin>.jpg"]);
    expect(texts(document.querySelectorAll(".balance td"))).toEqual(["3", "1", "1", "0", "4", "1"]);
    expect(document.querySelector("details svg.plot")).not.toBeNull();
    const none = { ...details, mistakes: [], contactSheet: undefined };
    expect((await page({ details: none })).document.querySelectorAll("img")).toHaveLength(0);
    const [{ maps: _, ...unexplained }] = details.mistakes as [ShownMistake];
    const plain = { ...details, mistakes: [unexplained], heatMaps: { missing: "it has no convolution" } };
    const without = await page({ details: plain });
    expect(without.document.querySelectorAll(".mistake img")).toHaveLength(1);
    expect(without.text).toContain("No heat maps: it has no convolution.");
  });

  test("near duplicates between splits are shown side by side, as long as there are any", async () => {
    const picture = (name: string, split: "train" | "test") => ({ name, label: "<c>", split, picture: `data:${name}` });
    const shown = [{ identical: false, count: 5, pictures: [picture("1.jpg", "train"), picture("2.jpg", "test")] }];
    const { document, text } = await page({ details: { ...details, data: { ...data, near: { count: 3, shown } } } });
    expect([...document.querySelectorAll(".set img")].map((img) => img.getAttribute("src"))).toEqual([
      "data:1.jpg",
      "data:2.jpg",
    ]);
    expect(texts(document.querySelectorAll(".set figcaption"))).toEqual(["<c>, train", "<c>, test"]);
    expect(texts(document.querySelectorAll(".sets h3"))).toEqual(["similar, 2 of 5"]);
    expect(text).toContain("The first 1 of 3 sets.");
    const none = await page({ details: { ...details, data: { ...data, near: { count: 0, shown: [] } } } });
    expect(none.text).not.toContain("Look-alikes");
  });
});
