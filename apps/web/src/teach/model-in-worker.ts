import { ResonnxError } from "@resonnx/base";
import type { Prediction } from "@resonnx/runtime";
import type { Command, WorkerEvent } from "../protocol.ts";

/** A loaded model in a worker of its own. */
export interface ModelInWorker {
  classify(picture: Blob): Promise<readonly Prediction[]>;
  /** Ends the worker; what it was asked for never comes. */
  close(): void;
}

/** Loads a model in a new worker. Throws `failed`, as `classify` does, also when the worker itself breaks. */
export async function openInWorker(address: string): Promise<ModelInWorker> {
  const worker = new Worker(new URL("../worker.ts", import.meta.url), { type: "module" });
  const broken = breakOf(worker);
  let jobs = 0;
  const ask = (commandOf: (job: number) => Command): Promise<Answer> =>
    Promise.race([answerOf(worker, commandOf(++jobs)), broken]);
  try {
    await ask((job) => ({ do: "load", job, address }));
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    async classify(picture) {
      const answer = await ask((job) => ({ do: "classify", job, picture }));
      if (answer.is === "classified") return answer.predictions;
      throw new ResonnxError("internal", { where: "the worker", what: "unexpected answer", got: answer.is });
    },
    close: () => worker.terminate(),
  };
}

type Answer = Extract<WorkerEvent, { is: "loaded" | "classified" }>;

/** Rejects when the worker breaks; it never resolves. A script that doesn't load says nothing about why. */
function breakOf(worker: Worker): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // it is shown on the page, so the console needn't
      const got = event.message || "its script doesn't load";
      reject(new ResonnxError("failed", { where: "the worker", what: "it broke", got }));
    });
  });
  broken.catch(() => undefined); // whoever asks next hears of it
  return broken;
}

function answerOf(worker: Worker, command: Command): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const heard = ({ data }: MessageEvent<WorkerEvent>): void => {
      if (data.job !== command.job || data.is === "progress") return;
      worker.removeEventListener("message", heard);
      if (data.is === "failed") reject(new ResonnxError("failed", { where: "the model", what: data.message }));
      else resolve(data);
    };
    worker.addEventListener("message", heard);
    worker.postMessage(command);
  });
}
