import type { Tensor } from "@resonnx/runtime-node";

/** onnxruntime's element types by their Open Inference Protocol names; null where the protocol has none. */
export const datatypes: { readonly [T in Tensor["type"]]: string | null } = {
  bool: "BOOL",
  uint8: "UINT8",
  uint16: "UINT16",
  uint32: "UINT32",
  uint64: "UINT64",
  int8: "INT8",
  int16: "INT16",
  int32: "INT32",
  int64: "INT64",
  float16: "FP16",
  float32: "FP32",
  float64: "FP64",
  string: "BYTES",
  int4: null,
  uint4: null,
};
