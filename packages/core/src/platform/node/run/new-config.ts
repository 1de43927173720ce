import { ResonnxError } from "@resonnx/base";
import { checkConfig, configOf, type RunConfig } from "./options.ts";
import { pretrainedTitle } from "./pretrained.ts";

/** The whole configuration of what begins with these options. Throws `bad-input` for one that no run can have. */
export async function newConfig(given: Partial<RunConfig>): Promise<RunConfig> {
  const config = configOf(given);
  checkConfig(config);
  if (config.init === null) return config;
  if (given.model === undefined) return { ...config, model: await pretrainedTitle(config.init) };
  const hint = "its own network is trained on";
  throw new ResonnxError("bad-input", { where: "--model", what: "can't be given with --init", got: given.model, hint });
}
