// What a process of the benchmarks prints of itself; the peers in Python print the same words.

/** Calls `step` (number from 0 -> loss) `steps` times and prints the loss of the first and seconds; the first two are no medians. */
export async function timeSteps(name, batchSize, steps, step) {
  const seconds = [];
  for (let k = 0; k < steps; k++) {
    const before = performance.now();
    const loss = await step(k);
    seconds.push((performance.now() - before) / 1000);
    if (k === 0) console.log(`loss ${loss.toFixed(6)}`);
    if (process.env.VERBOSE) console.log(k, loss.toFixed(4), seconds.at(-1).toFixed(5));
  }
  const steady = seconds.slice(2).sort((a, b) => a - b);
  const [least, median] = [steady[0], steady[steady.length >> 1]].map((s) => s.toFixed(5));
  console.log(`${name} B ${batchSize} first ${seconds[0].toFixed(2)} min ${least} med ${median}`);
  console.log(`rss MB ${(process.resourceUsage().maxRSS / 1024).toFixed(0)}`);
}
