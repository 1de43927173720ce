import type { TrainingSession } from "./engine.ts";

/** A session whose calls wait for the ones before them: two steps that nobody awaits are two steps. */
export function inTurn(session: TrainingSession): TrainingSession {
  let last: Promise<unknown> = Promise.resolve();
  const queued = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined); // the caller hears of it
    return result;
  };
  return {
    stepsAtOnce: session.stepsAtOnce,
    step: (batch, learningRate) => queued(() => session.step(batch, learningRate)),
    steps: (jobs) => queued(() => session.steps(jobs)),
    evaluate: (batch, options) => queued(() => session.evaluate(batch, options)),
    predict: (inputs, count, options) => queued(() => session.predict(inputs, count, options)),
    state: () => queued(() => session.state()),
    restore: (state) => queued(() => session.restore(state)),
    dispose: () => queued(() => session.dispose()),
  };
}
