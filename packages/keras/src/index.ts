export { fromKeras } from "./config/from-keras.ts";
export { readKeras } from "./read/read-keras.ts";
export { type ReadOptions, readKerasH5 } from "./read/read-keras-h5.ts";
export { type WriteOptions, writeKerasH5 } from "./write/write-keras-h5.ts";
