// Several programs that do the same training, each run a process of its own, in alternating order: what one run meets, the next one meets too.
import { execFile } from "node:child_process";
import { loadavg } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/**
 * Runs `variants` (name -> [program, ...arguments]) `rounds` times. For each of them `{ step, first, rss, ratio, samples }`:
 * medians in seconds and MB, and the median over rounds of the first variant's step by this one's; or `{ failed }`.
 */
export async function alternate(variants, rounds, onSample = () => {}) {
  const names = Object.keys(variants);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  const failed = {};
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names.toReversed() : names) {
      if (failed[name]) continue;
      try {
        samples[name].push(await sample(variants[name]));
        onSample(`round ${round + 1} ${name}: ${JSON.stringify(samples[name].at(-1))} load ${loadavg()[0].toFixed(1)}`);
      } catch (error) {
        failed[name] = String(error.stderr || error.message)
          .trim()
          .split("\n")
          .at(-1);
        onSample(`${name} failed: ${failed[name]}`);
      }
    }
  }
  return Object.fromEntries(
    names.map((name) => [name, failed[name] ? { failed: failed[name] } : summary(samples[name], samples[names[0]])]),
  );
}

async function sample([program, ...args]) {
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 26 });
  const [first, step, rss, loss] = [/first ([\d.]+)/, /med ([\d.]+)/, /rss MB ([\d.]+)/, /^loss ([\d.]+)/m].map(
    (word) => Number(word.exec(stdout)?.[1]),
  );
  if (Number.isNaN(step)) throw new Error(`it printed no "med SECONDS", but ${stdout.slice(0, 200)}`);
  return { step, first, rss, ...(!Number.isNaN(loss) && { loss }) };
}

function summary(samples, reference) {
  const of = (key) => median(samples.map((each) => each[key]));
  const ratio = median(samples.map(({ step }, round) => reference[round].step / step));
  return { step: of("step"), first: of("first"), rss: of("rss"), ratio, samples };
}
