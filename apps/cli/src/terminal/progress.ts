import type { Io } from "./io.ts";

/** Called with what is done and of how much. */
export type Progress = (done: number, total: number) => void;

/** Seconds before a progress without a terminal says anything: what is over sooner needs no lines. */
const PATIENCE = 3;

/** Progress under a name: one rewritten line on a terminal, else a line each tenth of what takes long. */
export function progress(io: Io, name: string, now: () => number = () => performance.now() / 1000): Progress {
  const started = now();
  let told = 0;
  let shown = -1;
  return (done, total) => {
    const tenth = tenthOf(done, total);
    const hundredth = percentOf(done, total);
    if (io.interactive && hundredth !== shown) io.status(done < total ? progressLine(name, done, total) : "");
    if (!io.interactive && tenth > told && now() - started > PATIENCE) io.err(progressLine(name, done, total));
    told = tenth;
    shown = hundredth;
  };
}

/** How many tenths are done, 0 to 10. */
export const tenthOf = (done: number, total: number): number => Math.floor(percentOf(done, total) / 10);

const percentOf = (done: number, total: number): number => (total === 0 ? 100 : Math.floor((100 * done) / total));

export const progressLine = (name: string, done: number, total: number): string =>
  `${name}: ${done} of ${total} (${percentOf(done, total)} %)`;

/** `8 s`, `2 min 5 s`, `1 h 3 min` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
