import { ResonnxError, reasonOf } from "@resonnx/base";

/** How onnxruntime's arena, C++, JavaScript, WebGPU and CUDA say that there is no memory left. */
const SIGNS = /failed to allocate memory|bad_alloc|allocation failed|out of memory|available memory of/i;

/** The error for what failed for want of memory; none for anything else. */
export function memoryError(cause: unknown): ResonnxError | undefined {
  if (!SIGNS.test(reasonOf(cause))) return undefined;
  return new ResonnxError("failed", {
    where: "training",
    what: "not enough memory",
    got: reasonOf(cause).trim(),
    hint: "take a smaller batch (--batch-size) or smaller pictures, or save memory for time (--save-memory)",
    cause,
  });
}
