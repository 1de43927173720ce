import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";

export interface RunNode {
  readonly name: string;
  readonly op: string;
}

/** The nodes in the order in which onnxruntime ran them, by its own profile, as training has it optimize. */
export async function runOrder(
  bytes: Uint8Array,
  graphOptimizationLevel: "disabled" | "extended" = "extended",
): Promise<RunNode[]> {
  const folder = await mkdtemp(join(tmpdir(), "run-order-"));
  try {
    const session = await InferenceSession.create(bytes, {
      graphOptimizationLevel,
      enableProfiling: true,
      profileFilePrefix: join(folder, "profile"),
      logSeverityLevel: 3,
    });
    const feeds = session.inputMetadata.map((input) => {
      const dims = input.isTensor ? input.shape.map(Number) : [];
      return [input.name, new Tensor("float32", new Float32Array(dims.reduce((a, d) => a * d, 1)), dims)] as const;
    });
    await session.run(Object.fromEntries(feeds));
    session.endProfiling();
    await session.release();
    const [file] = await readdir(folder);
    return nodesOf(JSON.parse(await readFile(join(folder, file!), "utf8")));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const KERNEL = "_kernel_time";

const nodesOf = (events: readonly { cat: string; name: string; args?: { op_name?: string } }[]): RunNode[] =>
  events
    .filter(({ cat, name }) => cat === "Node" && name.endsWith(KERNEL))
    .map(({ name, args }) => ({ name: name.slice(0, -KERNEL.length), op: args?.op_name ?? "" }));
