// Alternating runs of our training step and of peers on one machine: node bench/compare.mjs [--rounds 5] [--batch 32] [--steps 12] [NAME='COMMAND'...]
// A peer's command is given batch and steps as arguments and prints a line with "med SECONDS".
// Example: node bench/compare.mjs torch='python ../shared/tools/peers/pt_train.py' keras='python ../shared/tools/peers/tf_train.py'
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    batch: { type: "string", default: "32" },
    steps: { type: "string", default: "12" },
  },
});
const variants = { resonnx: [process.execPath, fileURLToPath(new URL("step.mjs", import.meta.url))] };
for (const positional of positionals) {
  const [name, command] = positional.split(/=(.*)/s);
  variants[name] = command.split(" ");
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  const names = Object.keys(variants);
  for (const name of round % 2 ? names.reverse() : names) {
    const [program, ...args] = variants[name];
    const output = execFileSync(program, [...args, values.batch, values.steps], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    samples[name].push({
      first: Number(/first ([\d.]+)/.exec(output)?.[1]),
      median: Number(/med ([\d.]+)/.exec(output)?.[1]),
      rss: Number(/rss MB ([\d.]+)/.exec(output)?.[1]),
    });
    console.error(
      `round ${round + 1} ${name}: ${JSON.stringify(samples[name].at(-1))} load ${loadavg()[0].toFixed(1)}`,
    );
  }
}

console.log(
  `ResNet50 64x64, batch ${values.batch}, ${values.rounds} alternating runs of ${values.steps} steps; ${cpus()[0].model}, ${cpus().length} cores, node ${process.versions.node}`,
);
for (const [name, runs] of Object.entries(samples)) {
  const step = median(runs.map((run) => run.median));
  const ratio = median(runs.map((run, i) => samples.resonnx[i].median / run.median));
  console.log(
    `${name.padEnd(12)} step ${step.toFixed(3)} s, first ${median(runs.map((run) => run.first)).toFixed(1)} s, peak RSS ${Math.round(median(runs.map((run) => run.rss)))} MB, resonnx/${name} ${ratio.toFixed(2)}`,
  );
}
