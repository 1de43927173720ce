export { decodeSafetensors, type SavedTensors } from "./decode-safetensors.ts";
export type { DataTypes, Dtype, SavedTensor } from "./dtypes.ts";
export { encodeSafetensors } from "./encode-safetensors.ts";
