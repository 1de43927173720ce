import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { parseJson, ResonnxError } from "@resonnx/base";
import { readArtifacts } from "@resonnx/export";
import type { Pretrained } from "../../../models/transfer.ts";
import { readRun } from "./list-runs.ts";
import { titleOf } from "./results.ts";
import { RUN_FILES } from "./run-folder.ts";

/** What a path means as a trained model: a run folder, a tfjs `model.json` or its folder, a Keras `.h5` or `.keras`. */
interface Found {
  readonly file: string;
  /** Set for a run folder. */
  readonly run?: string;
}

/** The trained model at a path. Throws `not-found`, `bad-input` for what is none, `unsupported` for an `.onnx` file. */
export async function readPretrained(path: string): Promise<Pretrained> {
  const { file, run } = await find(path);
  const labels = run === undefined ? undefined : await labelsOf(run);
  return { artifacts: await readArtifacts(file), labels };
}

/** What a trained model is called: a run's model, else the file or its folder. Throws as reading it does. */
export async function pretrainedTitle(path: string): Promise<string> {
  const { file, run } = await find(path);
  if (run !== undefined) return titleOf((await readRun(run)).config.model);
  const name = basename(file);
  return name === "model.json" ? basename(dirname(file)) : basename(name, extname(name));
}

async function find(path: string): Promise<Found> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: path, what: "there is no trained model", cause });
  });
  if (facts.isDirectory()) {
    const inRun = join(path, RUN_FILES.tfjs, "model.json");
    if (await exists(join(path, RUN_FILES.config))) return { file: inRun, run: path };
    return { file: join(path, "model.json") };
  }
  if (extname(path).toLowerCase() !== ".onnx") return { file: path };
  const hint = "take the run folder or the Keras or tfjs file that it was made from";
  throw new ResonnxError("unsupported", { where: path, what: "an .onnx file as a beginning", hint });
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
