export { Zip } from "./archive/zip.ts";
export { fromKeras } from "./config/from-keras.ts";
export { readHdf5 } from "./hdf5/memory-file.ts";
export type { Hdf5 } from "./platform/hdf5.ts";
export { readKeras } from "./read/read-keras.ts";
export { type ReadOptions, readKerasH5 } from "./read/read-keras-h5.ts";
export { type WriteOptions, writeKerasH5 } from "./write/write-keras-h5.ts";
