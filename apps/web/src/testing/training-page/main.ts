// What training.heavy.test.ts drives: tiny trainings on a device of this page.
import { chooseEngine, type EngineChoice } from "@resonnx/core";
import { compileTiny } from "../tiny-compile.ts";
import { type TinyRun, trainTiny } from "../tiny-training.ts";
import { type TunedRun, type TuningCase, tuneTiny } from "../tiny-tuning.ts";

declare global {
  var trainOn: (device: EngineChoice["device"]) => Promise<TinyRun>;
  var compileOn: typeof compileTiny;
  var tuneOn: (device: EngineChoice["device"], tuning: TuningCase) => Promise<TunedRun>;
}

globalThis.trainOn = async (device) => trainTiny(await chooseEngine({ engine: "onnx", device }));
globalThis.compileOn = compileTiny;
globalThis.tuneOn = async (device, tuning) => tuneTiny(await chooseEngine({ engine: "onnx", device }), tuning);
