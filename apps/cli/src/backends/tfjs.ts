import { ResonnxError } from "@resonnx/base";
import { type Backend, TOLERANCES } from "@resonnx/parity";
import { Tensor, type Tensors } from "@resonnx/runtime";
import type * as tfjs from "@tensorflow/tfjs";

type Tfjs = typeof tfjs;

/** Gives the tfjs model that the `.onnx` file was exported from. */
export type LoadArtifacts = () => Promise<tfjs.io.ModelArtifacts>;

/**
 * The source model on tfjs' wasm backend, the reference: what the exporter must agree with. It runs the LayersModel, not
 * the `.onnx` bytes. Without `loadArtifacts` it is `unavailable`.
 */
export function tfjsBackend(loadArtifacts: LoadArtifacts | undefined): Backend {
  return {
    name: "tfjs",
    tolerance: TOLERANCES.cpu,
    open: async () => {
      if (loadArtifacts === undefined) {
        const facts = { where: "tfjs", what: "the model that the .onnx file was made from isn't given" };
        throw new ResonnxError("unavailable", { ...facts, hint: "name its model.json or the run folder" });
      }
      const artifacts = await loadArtifacts();
      const { tf, restore } = await onWasm();
      const model = functional(tf, await tf.loadLayersModel(tf.io.fromMemory(artifacts)));
      return {
        provider: `tfjs ${tf.version_core} wasm`,
        run: async (inputs) => predict(tf, model, inputs),
        close: async () => {
          model.dispose();
          await restore();
        },
      };
    },
  };
}

/** tfjs has one backend for the whole process: `restore` puts back the one that was there. */
async function onWasm(): Promise<{ tf: Tfjs; restore: () => Promise<unknown> }> {
  const tf = await import("@tensorflow/tfjs");
  await import("@tensorflow/tfjs-backend-wasm");
  const before = tf.engine().backendName;
  if (!(await tf.setBackend("wasm")))
    throw new ResonnxError("unavailable", { where: "tfjs", what: "its wasm backend does not start" });
  return { tf, restore: async () => before && tf.setBackend(before) };
}

/** tfjs knows the names of inputs and outputs of functional models only, which any Sequential is as well. */
function functional(tf: Tfjs, model: tfjs.LayersModel): tfjs.LayersModel {
  return model instanceof tf.Sequential ? tf.model({ inputs: model.inputs, outputs: model.outputs }) : model;
}

function predict(tf: Tfjs, model: tfjs.LayersModel, inputs: Tensors): Tensors {
  const given = model.inputNames.map((name) => {
    const tensor = inputs[name];
    if (tensor === undefined) {
      const got = Object.keys(inputs).join(", ");
      throw new ResonnxError("bad-input", { where: "tfjs", what: "no tensor for an input", got, wanted: name });
    }
    return toTfjs(tf, tensor);
  });
  const answer = [model.predict(given)].flat();
  const names = uniqueNames(model.outputNames);
  const outputs = Object.fromEntries(answer.map((tensor, i) => [names[i]!, fromTfjs(tensor)]));
  tf.dispose([given, answer]);
  return outputs;
}

/** An exported file names a layer that gives two outputs `name` and `name_1`. */
function uniqueNames(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}_${before}`;
  });
}

/** tfjs has three types for numbers. */
function toTfjs(tf: Tfjs, { type, data, dims }: Tensor): tfjs.Tensor {
  if (type === "float32" && data instanceof Float32Array) return tf.tensor(data, [...dims], "float32");
  if (type === "int32" && data instanceof Int32Array) return tf.tensor(data, [...dims], "int32");
  if (type === "bool" && data instanceof Uint8Array) return tf.tensor(data, [...dims], "bool");
  throw new ResonnxError("unsupported", {
    where: "tfjs",
    what: "no such type",
    got: type,
    wanted: "float32, int32 or bool",
  });
}

function fromTfjs(tensor: tfjs.Tensor): Tensor {
  const data = tensor.dataSync();
  const { dtype, shape } = tensor;
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return new Tensor(dtype, data, shape);
  throw new ResonnxError("unsupported", {
    where: "tfjs",
    what: "an output of a type that ONNX files of ours don't have",
    got: dtype,
  });
}
