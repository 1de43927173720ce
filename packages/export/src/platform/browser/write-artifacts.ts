import { ResonnxError } from "@resonnx/base";
import type { io } from "@tensorflow/tfjs";

/** A page has no folders to write to: throws `unavailable`. */
export async function writeArtifacts(folder: string, _artifacts: io.ModelArtifacts): Promise<void> {
  throw new ResonnxError("unavailable", {
    where: folder,
    what: "a web page can't write a folder",
    hint: "save the model with tfjs' own downloads:// or indexeddb://",
  });
}
