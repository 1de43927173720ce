import { ResonnxError } from "@resonnx/base";
import type { Group } from "h5wasm";

/** Keras keeps lists within 64 KB; HDF5 allocates whatever a damaged file says. */
const MAX_BYTES = 16 << 20;

/** The value of an attribute, undefined when there is none. Throws `bad-input` for one of an impossible size, before it is read. */
export function attributeValue(attrs: Group["attrs"], name: string, where: string): unknown {
  const attribute = Object.hasOwn(attrs, name) ? attrs[name] : undefined;
  if (!attribute) return undefined;
  const { shape, size } = attribute.metadata;
  const bytes = (shape ?? []).reduce((product, length) => product * length, size);
  if (bytes >= 0 && bytes <= MAX_BYTES) return attribute.value;
  throw new ResonnxError("bad-input", {
    where,
    what: `the attribute ${name} is larger than Keras writes any`,
    got: `${bytes} bytes`,
    wanted: `${MAX_BYTES} at most`,
  });
}
