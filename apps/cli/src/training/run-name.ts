/** The folder of a run that isn't given one: `runs/{what}-{time}`, UTC to the second. */
export const runName = (what: string, now: Date): string =>
  `runs/${what}-${now.toISOString().slice(0, 19).replace(/[:T]/g, "-")}`;
