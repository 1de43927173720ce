import { ResonnxError } from "@resonnx/base";
import { listOf, nullable, number, optional } from "../config/fields.ts";
import { drop } from "./parts/drop.ts";
import { only, onlyOfRank } from "./parts/inputs.ts";
import { passMask } from "./parts/masks.ts";
import { rate } from "./parts/rate.ts";
import { layer } from "./rule.ts";

/** Dropout, nothing at inference. `noise_shape`: 1 where an axis shares its draw, null where not. */
export const Dropout = layer({
  config: { rate, noise_shape: nullable(listOf(nullable(number))) },
  masks: passMask,
  emit(call) {
    const { config, where } = call;
    const x = only(call);
    if (!call.training || config.rate === 0) return [x];
    const shape = x.shape.map((dim, axis) => config.noise_shape?.[axis] ?? dim);
    if (config.noise_shape && config.noise_shape.length !== x.rank)
      throw new ResonnxError("bad-input", {
        where,
        what: 'config "noise_shape"',
        got: `[${config.noise_shape}]`,
        wanted: `${x.rank} sizes`,
      });
    return [drop(call, x, config.rate, { shape, name: call.name })];
  },
});

/** Drops whole feature maps: all positions of a channel together (Tompson et al. 2015). */
const spatial = (rank: number) =>
  layer({
    config: { rate },
    masks: passMask,
    emit(call) {
      const x = onlyOfRank(call, rank);
      const shape = x.shape.map((dim, axis) => (axis === 0 || axis === rank - 1 ? dim : 1));
      return [drop(call, x, call.config.rate, { shape, name: call.name })];
    },
  });

export const SpatialDropout1D = spatial(3);
export const SpatialDropout2D = spatial(4);
export const SpatialDropout3D = spatial(5);

/** Adds normal noise in training. */
export const GaussianNoise = layer({
  config: { stddev: optional(number, 0) },
  masks: passMask,
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    if (!call.training || config.stddev === 0) return [x];
    return [b.op("Add", [x, b.mul(call.random({ from: "normal" }, x.shape), config.stddev)], {}, name)];
  },
});

/** Multiplies by normal noise of mean 1 and variance rate / (1 - rate) in training (Srivastava et al. 2014, section 10). */
export const GaussianDropout = layer({
  config: { rate },
  masks: passMask,
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    if (!call.training || config.rate === 0) return [x];
    const deviation = Math.sqrt(config.rate / (1 - config.rate));
    const factor = b.add(b.mul(call.random({ from: "normal" }, x.shape), deviation), 1);
    return [b.op("Mul", [x, factor], {}, name)];
  },
});

/** What SELU gives for minus infinity: -1.6732632 · 1.0507010. */
const SATURATED = -1.7580993408473766;

/** Sets a share to SELU's lower limit and restores mean and variance (Klambauer et al. 2017, section 3). */
export const AlphaDropout = layer({
  config: { rate },
  masks: passMask,
  emit(call) {
    const { b, config, name } = call;
    const x = only(call);
    if (!call.training || config.rate === 0) return [x];
    const kept = call.random({ from: "keep", rate: config.rate, value: 1 }, x.shape);
    const scale = ((1 - config.rate) * (1 + config.rate * SATURATED ** 2)) ** -0.5;
    const dropped = b.mul(b.sub(1, kept), SATURATED);
    const mixed = b.add(b.mul(x, kept), dropped);
    return [b.op("Add", [b.mul(mixed, scale), -scale * SATURATED * config.rate], {}, name)];
  },
});
