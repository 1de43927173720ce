import { createRequire } from "node:module";
import { arch, cpus, platform } from "node:os";
import { version_layers } from "@tensorflow/tfjs";
import type { Facts } from "../../../report/tables.ts";

/** What a run's result may depend on: the machine and the versions of what computes. */
export function versions(): Facts {
  const require = createRequire(import.meta.url);
  const { version } = require("onnxruntime-node/package.json") as { version: string };
  return {
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    cpu: `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`,
    "onnxruntime-node": version,
    tfjs: version_layers,
  };
}
