import type { RunResult, StepEvent, TrainEvent } from "@resonnx/core";
import { evaluationText } from "./evaluation-text.ts";
import type { Io } from "./io.ts";
import { duration, tenthOf } from "./progress.ts";
import { percent } from "./table.ts";

type EpochEvent = Extract<TrainEvent, { is: "epoch" }>;

/** Tells how a training goes: one rewritten line on a terminal, else a line each tenth of an epoch; a line an epoch on both. */
export function trainingProgress(io: Io): (event: TrainEvent) => void {
  const tell: { readonly [K in TrainEvent["is"]]: (event: Extract<TrainEvent, { is: K }>) => void } = {
    note: ({ text }) => io.err(text),
    step: (event) => {
      const line = stepLine(event);
      if (io.interactive) io.status(line);
      else if (tenthOf(event.step, event.steps) > tenthOf(event.step - 1, event.steps)) io.err(line);
    },
    epoch: (event) => {
      io.status("");
      io.err(epochLine(event));
    },
  };
  return (event) => (tell[event.is] as (event: TrainEvent) => void)(event); // each gets its own kind
}

export function stepLine({
  epoch,
  epochs,
  step,
  steps,
  loss,
  accuracy,
  stepsPerSecond,
  secondsLeft,
}: StepEvent): string {
  const pace = stepsPerSecond > 0 ? `  ${stepsPerSecond.toFixed(2)} steps/s  ${duration(secondsLeft)} left` : "";
  return `epoch ${epoch}/${epochs}  step ${step}/${steps}  loss ${loss.toFixed(4)}  accuracy ${percent(accuracy)}${pace}`;
}

/** Share of an epoch from which on waiting for pictures is worth a word. */
const NOTABLE_WAIT = 0.05;

export function epochLine({ epochs, row }: EpochEvent): string {
  const { epoch, seconds, waiting = 0, loss, accuracy, valLoss, valAccuracy } = row;
  const validation =
    valLoss === undefined || valAccuracy === undefined
      ? ""
      : `  val_loss ${valLoss.toFixed(4)}  val_accuracy ${percent(valAccuracy)}`;
  const waited = waiting > NOTABLE_WAIT * seconds ? `, ${percent(waiting / seconds)} of it waiting for pictures` : "";
  return `epoch ${epoch}/${epochs} done  loss ${loss.toFixed(4)}  accuracy ${percent(accuracy)}${validation}  ${duration(seconds)}${waited}`;
}

/** What a finished run is and where its files are. */
export function runText({ evaluation, kept, epochs, seconds, engine, files }: RunResult): string {
  return [
    evaluationText(evaluation),
    `on the test split, with the ${kept.averaged ? "averaged " : ""}${kept.weights} weights (epoch ${kept.epoch} of ${epochs}), trained in ${duration(seconds)} on ${engine.name}, ${engine.device}`,
    files.join("\n"),
  ].join("\n\n");
}
