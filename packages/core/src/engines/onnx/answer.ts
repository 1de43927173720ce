import { toWireError } from "@resonnx/base";
import { memoryError } from "./memory-error.ts";
import type { Command, Reply } from "./protocol.ts";
import type { Stepper } from "./stepper.ts";

/** What a training thread answers to a command; errors become replies. */
export async function answer(stepper: Stepper, command: Exclude<Command, { do: "close" }>): Promise<Reply> {
  try {
    switch (command.do) {
      case "load":
        await stepper.load(command.program, command.bytes, command.state);
        return { is: "done" };
      case "unload":
        await stepper.unload(command.program);
        return { is: "done" };
      case "write":
        await stepper.write(command.arrays);
        return { is: "done" };
      case "read":
        return { is: "arrays", arrays: await stepper.read() };
      case "run":
        return { is: "arrays", arrays: await stepper.run(command) };
    }
  } catch (error) {
    return { is: "failed", error: toWireError(memoryError(error) ?? error, "onnxruntime") };
  }
}
