// tfjs-node out of a folder where it loads (`setup-tfjs-node.sh FOLDER`), behind the tfjs of this repository: all copies of tfjs share one engine.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as tf from "@tensorflow/tfjs";

export async function useTfjsNode(folder) {
  createRequire(join(resolve(folder), "package.json"))("@tensorflow/tfjs-node");
  if (!(await tf.setBackend("tensorflow"))) throw new Error(`tfjs-node in ${folder} registers no backend`);
}
