// What training.heavy.test.ts drives: the tiny training on a device of this page.
import { chooseEngine, type EngineChoice } from "@resonnx/core";
import { type TinyRun, trainTiny } from "../tiny-training.ts";

declare global {
  var trainOn: (device: EngineChoice["device"]) => Promise<TinyRun>;
}

globalThis.trainOn = async (device) => trainTiny(await chooseEngine({ engine: "onnx", device }));
