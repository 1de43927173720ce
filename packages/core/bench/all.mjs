// Every workload against every peer that is here, as a Markdown table or JSON:
//   node bench/all.mjs [--rounds 3] [--only resnet50:32,mnist:320] [--steps N] [--json] [--peers ../shared/tools/peers]
//     [--tensorflow PYTHON] [--torch PYTHON] [--tfjs-node FOLDER]
// A peer that isn't here is left out by name. tfjs-node and we must agree on the first loss, or the bench ends.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alternate } from "./alternate.mjs";
import { peers } from "./peers.mjs";
import { workloads } from "./workloads.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    steps: { type: "string" },
    json: { type: "boolean", default: false },
    peers: { type: "string", default: here("../../../../shared/tools/peers") },
    tensorflow: { type: "string", default: "python3" },
    torch: { type: "string", default: "python3" },
    "tfjs-node": { type: "string", default: here("..") },
  },
});

/** pnpm runs scripts in the package's folder and tells where it was called. */
const fromCaller = (path) => resolve(process.env.INIT_CWD ?? ".", path);
const places = {
  peers: fromCaller(values.peers),
  "tfjs-node": fromCaller(values["tfjs-node"]),
  tensorflow: values.tensorflow.includes("/") ? fromCaller(values.tensorflow) : values.tensorflow,
  torch: values.torch.includes("/") ? fromCaller(values.torch) : values.torch,
};

/** `{workload}:{batch}`: those of the issue, and those of tfjs-examples with their own batches. */
const JOBS = [
  "resnet50:8",
  "resnet50:32",
  "resnet50:128",
  "mnist:320",
  "mnist-node:128",
  "text-generation:128",
  "addition:128",
  "dense:32",
];

/** Our losses and tfjs-node's come from the same weights and batch. */
const LOSS_TOLERANCE = 1e-4;

const version = (name) =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`))).version;

function findPeers() {
  const found = {};
  const left = {};
  for (const [name, peer] of Object.entries(peers)) {
    try {
      found[name] = peer.version(places);
    } catch (error) {
      left[name] = String(error.message).split("\n")[0];
    }
  }
  return { found, left };
}

/** The commands of one job: ours first. */
function variantsOf(job, found) {
  const [workload, batch] = job.split(":");
  const steps = values.steps ?? String(workloads[workload].steps);
  const call = { workload, batch, steps };
  const entries = Object.keys(found).map((name) => [name, peers[name].command(places, call)]);
  return {
    resonnx: [process.execPath, here("step.mjs"), batch, steps, workload],
    ...Object.fromEntries(entries.filter(([, command]) => command)),
  };
}

function checkLosses(job, { resonnx, "tfjs-node": other }) {
  const [ours, theirs] = [resonnx, other].map((result) => result?.samples?.[0].loss);
  if (workloads[job.split(":")[0]].draws || ours === undefined || theirs === undefined) return;
  if (Math.abs(ours - theirs) > LOSS_TOLERANCE * theirs)
    throw new Error(`${job}: the first loss is ${ours}, tfjs-node's is ${theirs}`);
}

const seconds = (s) => (s < 0.1 ? `${(1000 * s).toFixed(s < 0.01 ? 2 : 1)} ms` : `${s.toFixed(3)} s`);

function table({ results }) {
  const rows = Object.entries(results).flatMap(([job, variants]) =>
    Object.entries(variants).map(([name, { failed, step, first, rss, ratio }]) => {
      const [workload, batch] = job.split(":");
      const figures = failed
        ? [failed, "", "", ""]
        : [seconds(step), `${first.toFixed(1)} s`, `${rss.toFixed(0)} MB`, ratio.toFixed(2)];
      return `| ${[workload, batch, name, ...figures].join(" | ")} |`;
    }),
  );
  return [
    "| network | batch | engine | step | first step | peak RSS | resonnx ÷ engine |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

const { found, left } = findPeers();
for (const [name, reason] of Object.entries(left)) console.error(`without ${name}: ${reason}`);
const jobs = values.only?.split(",") ?? JOBS;
const unknown = jobs.find((job) => !(job.split(":")[0] in workloads && Number(job.split(":")[1]) > 0));
if (unknown !== undefined)
  throw new Error(`--only ${unknown}: wanted WORKLOAD:BATCH with one of ${Object.keys(workloads).join(", ")}`);

const report = {
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: here("."), encoding: "utf8" }).trim(),
  machine: `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
  versions: { node: process.versions.node, "onnxruntime-node": version("onnxruntime-node"), ...found },
  left,
  rounds: Number(values.rounds),
  results: {},
};
for (const job of jobs) {
  const results = await alternate(variantsOf(job, found), report.rounds, (line) => console.error(`${job} ${line}`));
  checkLosses(job, results);
  report.results[job] = results;
}
if (values.json) console.log(JSON.stringify(report, null, 2));
else {
  const versions = [
    `node ${report.versions.node}`,
    `onnxruntime-node ${report.versions["onnxruntime-node"]}`,
    ...Object.values(found),
  ];
  console.log(
    `${report.date}, ${report.machine}; ${versions.join("; ")}; commit ${report.commit}; ${report.rounds} alternating runs, medians\n`,
  );
  console.log(table(report));
}
