import type { CommandEntry } from "../command/command.ts";

/** Every command; only the one that is asked for is loaded. */
export const commands: readonly CommandEntry[] = [
  {
    name: "quickstart",
    summary: "train on the hand signs that ship, export, check parity, classify: the whole way in minutes",
    load: async () => (await import("./quickstart.ts")).quickstart,
  },
  {
    name: "train",
    summary: "train an image classifier on a folder of labelled pictures",
    load: async () => (await import("./train.ts")).train,
  },
  {
    name: "lr-find",
    summary: "which learning rate suits a network, pictures and optimizer",
    load: async () => (await import("./lr-find.ts")).lrFind,
  },
  {
    name: "runs",
    summary: "what was trained, and what differs between runs",
    load: async () => (await import("./runs.ts")).runs,
  },
  {
    name: "data",
    summary: "what a data set consists of, and what is wrong with it: duplicates, leaks between splits, labels",
    load: async () => (await import("./data.ts")).data,
  },
  {
    name: "evaluate",
    summary: "loss, accuracy and confusion matrix of a model on labelled pictures",
    load: async () => (await import("./evaluate.ts")).evaluate,
  },
  {
    name: "export",
    summary: "write tfjs and Keras models as ONNX files",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "predict",
    summary: "classify pictures",
    load: async () => (await import("./predict.ts")).predict,
  },
  {
    name: "parity",
    summary: "prove that every backend gives the same answer",
    load: async () => (await import("./parity.ts")).parity,
  },
  {
    name: "inspect",
    summary: "what a model consists of",
    load: async () => (await import("./inspect.ts")).inspect,
  },
  {
    name: "plot",
    summary: "the architecture of a model as an SVG",
    load: async () => (await import("./plot.ts")).plot,
  },
  {
    name: "serve",
    summary: "classify pictures over HTTP",
    load: async () => (await import("./serve.ts")).serve,
  },
  {
    name: "doctor",
    summary: "what is installed, which backends work here and why the others don't",
    load: async () => (await import("./doctor.ts")).doctor,
  },
];
