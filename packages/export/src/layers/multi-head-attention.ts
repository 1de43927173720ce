import { ResonnxError } from "@resonnx/base";
import { printType, type Value } from "@resonnx/onnx";
import { flag, integer, listOf, nullable, only as onlyValue, optional, positive } from "../config/fields.ts";
import { allOf, attentionInputs, causalMask, weightsOf } from "./parts/attention.ts";
import { drop } from "./parts/drop.ts";
import { passMask } from "./parts/masks.ts";
import { rate } from "./parts/rate.ts";
import { type CallContext, layer, type Mask } from "./rule.ts";

/** softmax(Q Kᵀ / √key_dim) V for each head, over [batch, time, features]. */
export const MultiHeadAttention = layer({
  config: {
    num_heads: positive,
    key_dim: positive,
    value_dim: nullable(positive),
    use_bias: optional(flag, true),
    use_gate: onlyValue(false),
    sliding_window: onlyValue(null),
    dropout: rate,
    query_shape: nullable(listOf(optional(integer, -1))),
  },
  masks: passMask,
  emit(call) {
    const { b, config, flags, name, weight } = call;
    const { query, value, key } = attentionInputs(call);
    for (const { value: x } of [query, value, key])
      if (x.rank !== 3)
        throw new ResonnxError("unsupported", {
          where: call.where,
          what: "attention over more than one axis",
          got: printType(x.type),
          wanted: "[batch, time, features]",
        });
    const heads = config.num_heads;
    /** [batch, time, features] -> [batch, heads, time, size] through the folder's weights, the axes in `perm`. */
    const project = (x: Value, folder: string, size: number, perm: readonly number[]): Value => {
      const kernel = weight(`${folder}/kernel`, 3);
      const product = b.matmul(x, b.reshape(kernel, [kernel.shape[0] as number, heads * size]));
      const biased = config.use_bias ? b.add(product, b.reshape(weight(`${folder}/bias`, 2), [heads * size])) : product;
      return b.transpose(b.op("Reshape", [biased, b.ints([0, 0, heads, size])], {}, `${name}/${folder}`), perm);
    };
    const valueSize = config.value_dim ?? config.key_dim;
    const q = b.mul(project(query.value, "query", config.key_dim, [0, 2, 1, 3]), 1 / Math.sqrt(config.key_dim));
    const k = project(key.value, "key", config.key_dim, [0, 2, 3, 1]);
    const v = project(value.value, "value", valueSize, [0, 2, 1, 3]);
    const mask = maskOf(call);
    const shares = weightsOf(b, b.matmul(q, k), mask, `${name}/softmax`);
    // Where a query may see no step at all, Keras 3 gives nothing and Keras 2 (which writes query_shape) the mean.
    const scores = mask && config.query_shape === null ? b.where(mask, shares, 0) : shares;
    const joined = b.transpose(b.matmul(drop(call, scores, config.dropout), v), [0, 2, 1, 3]);
    const kernel = weight("attention_output/kernel", 3);
    const flat = b.op("Reshape", [joined, b.ints([0, 0, heads * valueSize])], {});
    const product = b.op("MatMul", [flat, b.reshape(kernel, [heads * valueSize, kernel.shape[2] as number])], {}, name);
    const output = config.use_bias ? b.add(product, weight("attention_output/bias", 1)) : product;
    return flags.has("return_attention_scores") ? [output, scores] : output;
  },
});

/** All masks as one [batch, 1, query steps, value steps] that broadcasts: those of the inputs, the call's own, and the past. */
function maskOf(call: CallContext): Mask {
  const { b, flags, named } = call;
  const { query, value, key } = attentionInputs(call);
  const axes = (mask: Mask, ...added: number[]): Mask => mask && b.op("Unsqueeze", [mask, b.ints(added)], {});
  const given = named.get("attention_mask")?.[0]?.value ?? call.inputs[3];
  const own = given && (given.type.dtype === "bool" ? given : b.op("Cast", [given], { to: "bool" }));
  return allOf(b, [
    axes(query.mask, 1, 3),
    axes(value.mask, 1, 2),
    key === value ? undefined : axes(key.mask, 1, 2),
    own?.rank === 3 ? axes(own, 1) : own,
    flags.has("use_causal_mask") ? causalMask(b, query.value, value.value) : undefined,
  ]);
}
