import type * as tf from "@tensorflow/tfjs";
import { glorotUniform } from "../initializers/glorot-uniform.ts";
import { layersUpstream } from "./upstream.ts";

/** The tutorial gives every layer this seed. */
const TUTORIAL_SEED = 0;
/** Knuth's multiplicative constant: neighbouring (seed, index) pairs land far apart, and no two indices of one seed collide. */
const SPREAD = 0x9e3779b1;

/**
 * Names and seeds for the layers that follow a tensor. Both are read off the graph above that tensor, never off a process-wide
 * counter as tfjs' own names, so the same model is built however many were built before.
 */
export interface Scope {
  /** The first of `activation_1`, `activation_2`, ... that no layer above has. */
  name(prefix: string): string;
  /** The kernel initializer of the next layer that has a kernel. */
  kernel(): ReturnType<typeof glorotUniform>;
}

/** The scope below `x`; without `seed` all kernels get the tutorial's seed 0, with it each gets one derived from (seed, index). */
export function scopeAfter(x: tf.SymbolicTensor, seed: number | undefined): Scope {
  const above = [...layersUpstream(x)];
  const taken = new Set(above.map((layer) => layer.name));
  let index = above.filter((layer) => layer.weights.some((weight) => weight.originalName.endsWith("/kernel"))).length;
  return {
    name(prefix) {
      let number = 1;
      while (taken.has(`${prefix}_${number}`)) number++;
      taken.add(`${prefix}_${number}`);
      return `${prefix}_${number}`;
    },
    kernel: () => glorotUniform({ seed: seed === undefined ? TUTORIAL_SEED : derivedSeed(seed, index++) }),
  };
}

/** A 31-bit op seed for the kernel at `index`; two rounds of multiply and shift mix both numbers into every bit. */
export function derivedSeed(seed: number, index: number): number {
  let mixed = Math.imul((seed % 0x100000000) ^ Math.floor(seed / 0x100000000), SPREAD) + index;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) & 0x7fffffff;
}
