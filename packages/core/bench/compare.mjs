// Alternating runs of our training step and of any others on one machine, such as a build of another commit:
//   node bench/compare.mjs [--rounds 5] [--batch 32] [--steps 12] [--workload resnet50] [NAME='COMMAND'...]
// A command is given batch, steps and workload as arguments and prints a line with "med SECONDS". All peers at once: all.mjs.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alternate } from "./alternate.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    batch: { type: "string", default: "32" },
    steps: { type: "string", default: "12" },
    workload: { type: "string", default: "resnet50" },
  },
});
const { rounds, batch, steps, workload } = values;
const commands = { resonnx: [process.execPath, fileURLToPath(new URL("step.mjs", import.meta.url))] };
for (const positional of positionals) {
  const [name, command] = positional.split(/=(.*)/s);
  commands[name] = command.split(" ");
}
const variants = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => [name, [...command, batch, steps, workload]]),
);
for (const [name, result] of Object.entries(await alternate(variants, Number(rounds), console.error))) {
  const { failed, step, first, rss, ratio } = result;
  const figures =
    failed ?? `step ${step.toFixed(4)} s, first ${first} s, peak RSS ${rss} MB, resonnx/${name} ${ratio.toFixed(2)}`;
  console.log(`${name.padEnd(12)} ${figures}`);
}
