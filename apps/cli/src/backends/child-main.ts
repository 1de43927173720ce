/** The child process of `node-child.ts`: one model on one provider of runtime-node, driven by messages. */
import { toWireError } from "@resonnx/base";
import { fromWire, loadModel, type NodeModel, toWire } from "@resonnx/runtime-node";
import type { ChildCommand, ChildReply } from "./child-protocol.ts";

let model: NodeModel | undefined;

async function answer(command: Exclude<ChildCommand, { do: "close" }>): Promise<ChildReply> {
  try {
    if (command.do === "run") return { is: "ran", outputs: toWire(await model!.run(fromWire(command.inputs))) };
    model = await loadModel(command.model, { providers: [command.provider] });
    return { is: "opened" };
  } catch (error) {
    return { is: "failed", error: toWireError(error, "onnxruntime") };
  }
}

process.on("message", async (command: ChildCommand) => {
  if (command.do !== "close") {
    process.send?.(await answer(command));
    return;
  }
  await model?.dispose();
  process.disconnect();
});
