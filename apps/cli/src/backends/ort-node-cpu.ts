import { type Backend, TOLERANCES } from "@resonnx/parity";
import { loadModel } from "@resonnx/runtime-node";

/** onnxruntime-node on the CPU. */
export const ortNodeCpu: Backend = {
  name: "ort-node-cpu",
  tolerance: TOLERANCES.cpu,
  open: async (bytes) => {
    const model = await loadModel(bytes, { providers: ["cpu"] });
    return { provider: model.info.provider, run: (inputs) => model.run(inputs), close: () => model.dispose() };
  },
};
