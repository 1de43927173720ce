export * from "./errors/error.ts";
export * from "./errors/wire.ts";
export { readMetadata, writeMetadata } from "./metadata/file.ts";
export type { ModelMetadata } from "./metadata/metadata.ts";
export { CHANNELS, type ChannelOrder, type Preprocessing } from "./metadata/preprocessing.ts";
export { metadataProps, parseMetadataProps } from "./metadata/schema.ts";
export { checkPixels, type Pixels } from "./pixels/pixels.ts";
export { resize } from "./pixels/resize.ts";
export { toTensor } from "./pixels/tensor.ts";
