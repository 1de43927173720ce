// HDF5 runs in memory in both places: see platform/hdf5.ts.
export * from "./index.ts";
