import type { JsonObject } from "../config/model-config.ts";

/** The arrays that optimizers keep for each trainable weight, by the names that Keras 3 gives them. */
export type SlotName =
  | "accumulated_delta_var"
  | "accumulated_grad"
  | "accumulator"
  | "average_gradient"
  | "momentum"
  | "norm"
  | "velocity"
  | "velocity_hat";

/**
 * The three ways in which Keras lists an optimizer's arrays: `legacy` up to TensorFlow 2.10 and in Keras 2 for every class that its
 * config doesn't call new, `keras2` for those, `keras3`.
 */
export type Layout = "legacy" | "keras2" | "keras3";

/** One kind of array: every trainable weight has one of its shape. */
export interface Slot {
  readonly name: SlotName;
  /** Its name in the layouts that have it in their variables' names. */
  readonly keras2: string;
  readonly legacy: string;
  /** What all its values are before the first step. */
  readonly initial: number;
}

const slot = (name: SlotName, keras2: string = name, legacy = keras2, initial = 0): Slot => ({
  name,
  keras2,
  legacy,
  initial,
});

/** Slots in the order of `optimizer.variables`: those of one group alternate weight by weight, groups follow each other. */
type Groups = readonly (readonly Slot[])[];

interface KerasOptimizer {
  slots(config: JsonObject): Groups;
  /** The layout that a `.h5` gets. Keras 2's old class has our formula where it is `legacy`; the others have no such class. */
  readonly h5: "legacy" | "keras2";
}

const isOn = (value: unknown): boolean => (typeof value === "number" ? value > 0 : value === true);

const adam = ({ amsgrad }: JsonObject): Groups => [
  [slot("momentum", "m"), slot("velocity", "v")],
  ...(isOn(amsgrad) ? [[slot("velocity_hat", "vhat")]] : []),
];

/** Keras' optimizers whose state goes into files and comes back (`keras/src/optimizers`, `build` of each class). */
export const OPTIMIZERS = {
  Adadelta: {
    h5: "legacy",
    slots: () => [
      [
        slot("accumulated_grad", "accumulated_grad", "accum_grad"),
        slot("accumulated_delta_var", "accumulated_delta_var", "accum_var"),
      ],
    ],
  },
  Adagrad: {
    h5: "legacy",
    slots: ({ initial_accumulator_value: initial = 0.1 }) => [
      [slot("accumulator", "accumulator", "accumulator", Number(initial))],
    ],
  },
  Adam: { h5: "legacy", slots: adam },
  AdamW: { h5: "keras2", slots: adam },
  Adamax: { h5: "legacy", slots: () => [[slot("momentum", "m"), slot("norm", "u", "v")]] },
  Lion: { h5: "keras2", slots: () => [[slot("momentum", "m")]] },
  RMSprop: {
    h5: "keras2", // the old class adds ε outside the root
    slots: ({ momentum, centered }) => [
      [slot("velocity", "velocity", "rms")],
      ...(isOn(momentum) ? [[slot("momentum")]] : []),
      ...(isOn(centered) ? [[slot("average_gradient", "average_gradient", "mg")]] : []),
    ],
  },
  SGD: { h5: "legacy", slots: ({ momentum }) => (isOn(momentum) ? [[slot("momentum", "m", "momentum")]] : []) },
} as const satisfies { readonly [className: string]: KerasOptimizer };

export type KerasOptimizerName = keyof typeof OPTIMIZERS;

/** The layout of an optimizer in a `.h5`: Keras 2's old classes know no weight decay. */
export function h5Layout(className: KerasOptimizerName, { weight_decay: decay }: JsonObject): "legacy" | "keras2" {
  return isOn(decay) ? "keras2" : OPTIMIZERS[className].h5;
}

/** The slots of an optimizer in a layout, in groups. */
export function slotGroups(className: KerasOptimizerName, config: JsonObject, layout: Layout): Groups {
  const { slots }: KerasOptimizer = OPTIMIZERS[className];
  const groups = slots(config);
  if (layout === "legacy") return groups.flat().map((one) => [one]);
  // There the array is kept even without momentum.
  return layout === "keras2" && className === "SGD" ? [[slot("momentum", "m", "momentum")]] : groups;
}
