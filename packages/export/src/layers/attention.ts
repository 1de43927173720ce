import type { Value } from "@resonnx/onnx";
import { flag, oneOf, optional } from "../config/fields.ts";
import { allOf, attentionInputs, causalMask, weightsOf } from "./parts/attention.ts";
import { drop } from "./parts/drop.ts";
import { passMask } from "./parts/masks.ts";
import { rate } from "./parts/rate.ts";
import { type CallContext, layer } from "./rule.ts";

/** Scores [batch, query steps, value steps] of every query against every key. */
type Score = (query: Value, key: Value) => Value;

type AttentionCall = CallContext & { readonly config: { readonly dropout: number } };

/** softmax(scores) · value, over [batch, time, features]; queries that don't count give zeros. */
function attend(call: AttentionCall, score: Score): readonly Value[] {
  const { b, config, flags, name } = call;
  const { query, value, key } = attentionInputs(call);
  const seen = value.mask && b.op("Unsqueeze", [value.mask, b.ints([1])], {});
  const past = flags.has("use_causal_mask") ? causalMask(b, query.value, value.value) : undefined;
  const all = weightsOf(b, score(query.value, key.value), allOf(b, [seen, past]), `${name}/softmax`);
  const shares = drop(call, all, config.dropout);
  const result = b.op("MatMul", [shares, value.value], {}, name);
  const output = query.mask ? b.where(b.op("Unsqueeze", [query.mask, b.ints([2])], {}), result, 0) : result;
  return flags.has("return_attention_scores") ? [output, shares] : [output];
}

/** sum(tanh(query + key)) over the features, times a weight for each feature or for all. */
function sumOfTanh(call: CallContext, query: Value, key: Value, weigh: (x: Value) => Value): Value {
  const { b } = call;
  const pairs = b.add(b.op("Unsqueeze", [query, b.ints([2])], {}), b.op("Unsqueeze", [key, b.ints([1])], {}));
  return b.sum(weigh(pairs), [-1], 0);
}

/** Luong's attention: the scores are products, or with score_mode "concat" sums of tanh. */
export const Attention = layer({
  config: {
    use_scale: optional(flag, false),
    score_mode: optional(oneOf("dot", "concat"), "dot"),
    dropout: rate,
  },
  masks: passMask,
  emit(call) {
    const { b, config, weight } = call;
    const scaled = (x: Value): Value => (config.use_scale ? b.mul(x, weight("scale", 0)) : x);
    if (config.score_mode === "dot")
      return attend(call, (query, key) => scaled(b.matmul(query, b.transpose(key, [0, 2, 1]))));
    const share = weight("concat_score_weight", 0);
    return attend(call, (query, key) =>
      b.mul(
        sumOfTanh(call, query, key, (pairs) => b.op("Tanh", [scaled(pairs)], {})),
        share,
      ),
    );
  },
});

/** Bahdanau's attention: sum(scale * tanh(query + key)). */
export const AdditiveAttention = layer({
  config: { use_scale: optional(flag, true), dropout: rate },
  masks: passMask,
  emit(call) {
    const { b, config, weight } = call;
    return attend(call, (query, key) =>
      sumOfTanh(call, query, key, (pairs) => {
        const bent = b.op("Tanh", [pairs], {});
        return config.use_scale ? b.mul(bent, weight("scale", 1)) : bent;
      }),
    );
  },
});
