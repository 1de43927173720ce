// Time and peak memory of exporting ResNet50, weights loaded; a fresh process each time.
//   node packages/export/bench/export.mjs [model.json | model.h5] [runs=3] [-- options as JSON]
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);
const dist = new URL("../dist/", import.meta.url);

async function once(file, options) {
  const { exportModel, readArtifacts } = await import(new URL("index.js", dist));
  const idle = process.memoryUsage().rss;
  const artifacts = await readArtifacts(file);
  const started = performance.now();
  const { bytes, report } = await exportModel(artifacts, options);
  const ms = performance.now() - started;
  const peak = process.resourceUsage().maxRSS * 1024;
  const { sizes, nodes } = report;
  console.log(JSON.stringify({ ms, nodes, file: bytes.length, weights: sizes.source, idle, peak }));
}

async function writeResnet(folder) {
  const { artifactsOf, writeArtifacts } = await import(new URL("index.js", dist));
  const { resnet50 } = await import(new URL("testing/resnet50.js", dist));
  await writeArtifacts(folder, await artifactsOf(resnet50()));
  return join(folder, "model.json");
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

if (process.argv[2] === "--once") await once(process.argv[3], JSON.parse(process.argv[4]));
else {
  const [given, count = "3", options = "{}"] = process.argv.slice(2).filter((text) => text !== "--");
  const folder = mkdtempSync(join(tmpdir(), "resonnx-bench-"));
  try {
    const file = given && existsSync(given) ? given : await writeResnet(folder);
    const runs = Array.from({ length: Number(count) }, () => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [self, "--once", file, options], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
      return JSON.parse(stdout);
    });
    const { weights, nodes, file: size } = runs[0];
    const peaks = runs.map(({ peak }) => peak / weights);
    const grown = runs.map(({ peak, idle }) => (peak - idle) / weights);
    console.log(`weights ${(weights / 1e6).toFixed(1)} MB, file ${(size / 1e6).toFixed(1)} MB, ${nodes} nodes`);
    console.log(
      `export after loading: ${median(runs.map(({ ms }) => ms)).toFixed(0)} ms (${runs.map(({ ms }) => ms.toFixed(0)).join(", ")})`,
    );
    console.log(
      `peak of the process: ${median(peaks).toFixed(2)} x weights; above the idle process: ${median(grown).toFixed(2)} x`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
