import { positive } from "../config/fields.ts";
import { onlyOfRank } from "./parts/inputs.ts";
import { layer } from "./rule.ts";

/** [batch, features] -> [batch, n, features] */
export const RepeatVector = layer({
  config: { n: positive },
  emit(call) {
    const { b, config, name } = call;
    const row = b.op("Unsqueeze", [onlyOfRank(call, 2), b.ints([1])], {});
    return b.op("Expand", [row, b.ints([1, config.n, 1])], {}, name);
  },
});
