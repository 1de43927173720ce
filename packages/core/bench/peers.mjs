// Who else trains the workloads: for each how to find it, what it can do, and how to call it.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const quiet = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };

/** The versions of Python distributions; throws where one is missing. */
const pythonVersions = (python, names) =>
  execFileSync(
    python,
    ["-c", `from importlib.metadata import version as v; print(", ".join(n + " " + v(n) for n in "${names}".split()))`],
    quiet,
  ).trim();

/** The first distribution that is there, for packages that come under several names. */
function anyPythonVersion(python, names) {
  for (const name of names) {
    try {
      return pythonVersions(python, name);
    } catch {} // the next name
  }
  throw new Error(`${python} has none of ${names.join(", ")}`);
}

function tfjsNodeVersion(folder) {
  const require = createRequire(join(resolve(folder), "package.json"));
  execFileSync(process.execPath, ["-e", 'require("@tensorflow/tfjs-node")'], { ...quiet, cwd: resolve(folder) });
  return `tfjs-node ${require("@tensorflow/tfjs-node/package.json").version}`;
}

function script(path) {
  if (existsSync(path)) return path;
  throw new Error(`no ${path}`);
}

/**
 * By name. `version` throws where the peer isn't there; `command` gives program and arguments for a workload, or
 * undefined where the peer hasn't got it. ResNet50 in Python comes from `--peers`, the rest from keras_step.py.
 */
export const peers = {
  "Keras/TensorFlow": {
    version: ({ tensorflow }) =>
      `${anyPythonVersion(tensorflow, ["tensorflow", "tensorflow-cpu"])}, ${pythonVersions(tensorflow, "keras")}`,
    command: ({ tensorflow, peers: folder }, { workload, batch, steps }) =>
      workload === "resnet50"
        ? [tensorflow, script(join(folder, "tf_train.py")), batch, steps]
        : [tensorflow, here("keras_step.py"), batch, steps, workload],
  },
  PyTorch: {
    version: ({ torch }) => pythonVersions(torch, "torch"),
    command: ({ torch, peers: folder }, { workload, batch, steps }) =>
      workload === "resnet50" ? [torch, script(join(folder, "pt_train.py")), batch, steps] : undefined,
  },
  "tfjs-node": {
    version: ({ "tfjs-node": folder }) => tfjsNodeVersion(folder),
    command: ({ "tfjs-node": folder }, { workload, batch, steps }) => [
      process.execPath,
      here("tfjs-node-step.mjs"),
      folder,
      batch,
      steps,
      workload,
    ],
  },
};
