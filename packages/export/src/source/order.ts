import { ResonnxError } from "@resonnx/base";
import { addressOf, type Layer, type LayerCall, type TensorRef } from "./layer-graph.ts";

/** The calls that `outputs` need, dependencies first, in the listing's order wherever that leaves a choice. */
export function orderCalls(calls: readonly LayerCall[], outputs: readonly TensorRef[], where: string): LayerCall[] {
  const byAddress = new Map(calls.map((call) => [addressOf({ layer: call.layer.name, node: call.node }), call]));
  const find = (ref: TensorRef, reader: string): LayerCall => {
    const call = byAddress.get(addressOf(ref));
    if (!call)
      throw new ResonnxError("bad-input", {
        where,
        what: `${reader} reads call ${ref.node} of layer "${ref.layer}", which isn't there`,
      });
    return call;
  };
  const needed = new Set(outputs.map((ref) => find(ref, "an output")));
  for (const call of needed) for (const ref of readBy(call)) needed.add(find(ref, `layer "${call.layer.name}"`));

  const sorted: LayerCall[] = [];
  const state = new Map<LayerCall, "open" | "done">();
  for (const root of calls) {
    if (!needed.has(root) || state.has(root)) continue;
    const stack = [{ call: root, reads: readBy(root), next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      state.set(top.call, "open");
      const ref = top.reads[top.next++];
      if (!ref) {
        state.set(top.call, "done");
        sorted.push(top.call);
        stack.pop();
        continue;
      }
      const dependency = find(ref, top.call.layer.name);
      if (state.get(dependency) === "open") throw cycle(dependency.layer, where);
      if (!state.has(dependency)) stack.push({ call: dependency, reads: readBy(dependency), next: 0 });
    }
  }
  return sorted;
}

const readBy = ({ inputs, named }: LayerCall): TensorRef[] => [...inputs, ...[...named.values()].flat()];

const cycle = (layer: Layer, where: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what: `layer "${layer.name}" depends on its own output` });
