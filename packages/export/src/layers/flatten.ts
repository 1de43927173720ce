import { dataFormat, moveAxis } from "./parts/data-format.ts";
import { only } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** [batch, ...] -> [batch, elements]; channels-first input is flattened in channels-last order, as Keras does. */
export const Flatten = layer({
  config: { data_format: dataFormat },
  emit(call) {
    const { b, config, name } = call;
    const input = only(call);
    const x = config.data_format === "channels_first" && input.rank > 2 ? moveAxis(b, input, 1, input.rank - 1) : input;
    return b.op("Flatten", [x], { axis: 1 }, name);
  },
});
