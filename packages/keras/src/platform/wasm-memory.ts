/** Bounds the memory of a wasm module. */
export interface MemoryBound {
  /** From now on the module's memory doesn't grow beyond this; its allocations fail instead. */
  set(bytes: number): void;
}

const PAGE = 65_536;

/**
 * What `start` gives, and a bound for the memory of the first wasm module that it starts. Emscripten keeps that memory to itself,
 * so it is caught on its way: for that time `WebAssembly.instantiate` is wrapped.
 */
export async function withBoundMemory<T>(start: () => Promise<T>): Promise<{ started: T; bound: MemoryBound }> {
  const { instantiate } = WebAssembly;
  let memory: WebAssembly.Memory | undefined;
  const wrapped = async (...given: unknown[]): Promise<unknown> => {
    const result: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource = await Reflect.apply(
      instantiate,
      WebAssembly,
      given,
    );
    const { exports } = "instance" in result ? result.instance : result;
    if (exports.memory instanceof WebAssembly.Memory) memory ??= exports.memory;
    return result;
  };
  Object.assign(WebAssembly, { instantiate: wrapped });
  try {
    return { started: await start(), bound: boundOf(memory) };
  } finally {
    Object.assign(WebAssembly, { instantiate });
  }
}

function boundOf(memory: WebAssembly.Memory | undefined): MemoryBound {
  let most = Number.POSITIVE_INFINITY;
  if (memory) {
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      const wanted = memory.buffer.byteLength + pages * PAGE;
      if (wanted > most) throw new RangeError(`${wanted} bytes of memory, of ${most} allowed`);
      return grow(pages);
    };
  }
  return {
    set: (bytes) => {
      most = bytes;
    },
  };
}
