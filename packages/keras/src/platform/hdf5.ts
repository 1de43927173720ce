import { type MemoryBound, withBoundMemory } from "./wasm-memory.ts";

type H5wasm = typeof import("h5wasm");

/** The HDF5 library and its in-memory file system. */
export interface Hdf5 {
  readonly File: H5wasm["File"];
  readonly Group: H5wasm["Group"];
  readonly Dataset: H5wasm["Dataset"];
  readonly fs: {
    readFile(path: string): Uint8Array;
    writeFile(path: string, bytes: Uint8Array): void;
    unlink(path: string): void;
  };
  /** For what HDF5 allocates: a damaged file may ask for any amount. */
  readonly memory: MemoryBound;
}

let loading: Promise<Hdf5> | undefined;

/**
 * HDF5 compiled to wasm, loaded at the first call. One build serves Node and browsers: it works in memory, so external links
 * and virtual datasets of a hostile file reach no disk. (The package's own Node build reads the real file system.)
 */
export function hdf5(): Promise<Hdf5> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Hdf5> {
  const { started, bound } = await withBoundMemory(async () => {
    const h5wasm = await import("h5wasm");
    return { ...h5wasm, module: await h5wasm.ready };
  });
  const { File, Group, Dataset, module } = started;
  const { FS, activate_throwing_error_handler } = module;
  // Without it a broken file or a failed write prints to stderr and goes on.
  activate_throwing_error_handler();
  return {
    File,
    Group,
    Dataset,
    fs: {
      readFile: (path) => FS.readFile(path),
      writeFile: (path, bytes) => FS.writeFile(path, bytes),
      unlink: (path) => FS.unlink(path),
    },
    memory: bound,
  };
}
