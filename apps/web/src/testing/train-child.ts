// Child process of training.heavy.test.ts: the tiny training on the WebGPU of the environment that it was started with.
import { chooseEngine } from "@resonnx/core";
import { trainTiny } from "./tiny-training.ts";

process.send?.(await trainTiny(await chooseEngine({ engine: "onnx", device: "webgpu" })));
process.disconnect();
