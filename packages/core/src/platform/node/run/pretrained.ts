import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { parseJson, ResonnxError } from "@resonnx/base";
import { readArtifacts } from "@resonnx/export";
import type { Pretrained } from "../../../models/transfer.ts";
import { readRun } from "./list-runs.ts";
import { titleOf } from "./model-forms.ts";
import { RUN_FILES } from "./run-folder.ts";

/** What a path means as a trained model: a run folder, a tfjs `model.json` or its folder, a Keras `.h5` or `.keras`, an `.onnx`. */
export interface FoundModel {
  readonly file: string;
  readonly isOnnx: boolean;
  /** Set for a run folder. */
  readonly run?: string;
}

/** A trained model with layers. Throws `not-found`, `bad-input` for what is none. */
export async function readPretrained({ file, run }: FoundModel): Promise<Pretrained> {
  const labels = run === undefined ? undefined : await labelsOf(run);
  return { artifacts: await readArtifacts(file), labels };
}

/** What a trained model is called: a run's model, else the file or its folder. Throws as reading it does. */
export async function pretrainedTitle(path: string): Promise<string> {
  const { file, run } = await findPretrained(path);
  if (run !== undefined) return titleOf((await readRun(run)).config.model);
  const name = basename(file);
  return name === "model.json" ? basename(dirname(file)) : basename(name, extname(name));
}

/** Throws `not-found` when there is nothing at the path. */
export async function findPretrained(path: string): Promise<FoundModel> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: path, what: "there is no trained model", cause });
  });
  if (facts.isDirectory()) {
    const inRun = join(path, RUN_FILES.tfjs, "model.json");
    if (!(await exists(join(path, RUN_FILES.config)))) return { file: join(path, "model.json"), isOnnx: false };
    // A run that began with an .onnx file has no other form.
    const isOnnx = !(await exists(inRun));
    return { file: isOnnx ? join(path, RUN_FILES.onnx) : inRun, isOnnx, run: path };
  }
  return { file: path, isOnnx: extname(path).toLowerCase() === ".onnx" };
}

/** The labels of a finished run, as its metrics have them. */
async function labelsOf(run: string): Promise<readonly string[] | undefined> {
  const file = join(run, RUN_FILES.metrics);
  if (!(await exists(file))) return undefined;
  const { labels } = parseJson(await readFile(file, "utf8"), file) as { readonly labels?: unknown };
  return Array.isArray(labels) ? labels.map(String) : undefined;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
