import { ResonnxError } from "@resonnx/base";
import type { File, Group } from "h5wasm";

/** HDF5 keeps attributes within 64 KB; Keras cuts its lists at this many bytes. */
const LIST_BYTES = 64512;

/** The group at a path below `root`. HDF5 does not create the groups on the way by itself. */
export function createPath(root: Group, path: string, where: string): Group {
  let group = root;
  for (const name of path.split("/").filter(Boolean)) {
    const existing = group.keys().includes(name) ? group.get(name) : group.create_group(name);
    if (!existing || !("create_group" in existing)) {
      throw new ResonnxError("bad-input", { where, what: `the names of layers and weights collide at ${path}` });
    }
    group = existing;
  }
  return group;
}

/** A list of strings as Keras writes it: as one attribute, or cut into `name0`, `name1`, ... when it is long. */
export function writeStringList(group: File | Group, name: string, list: readonly string[]): void {
  if (list.length === 0) {
    group.create_attribute(name, new Float64Array(), [0]);
    return;
  }
  const longest = Math.max(...list.map((text) => new TextEncoder().encode(text).length), 1);
  const fitting = Math.max(1, Math.floor(LIST_BYTES / longest));
  if (list.length <= fitting) {
    group.create_attribute(name, [...list]);
    return;
  }
  for (let i = 0; i * fitting < list.length; i++) {
    group.create_attribute(`${name}${i}`, list.slice(i * fitting, (i + 1) * fitting));
  }
}
