import { DEPTHS, type Depth, FORMS, type Form } from "./architecture.ts";

/** A ResNet by its name, in the tutorial's form where it is of no standard one. */
export interface NamedResNet {
  readonly name: string;
  readonly depth: Depth;
  readonly form?: Form;
}

const DEPTH_NUMBERS = Object.keys(DEPTHS).map((depth) => Number(depth) as Depth); // its own keys
const FORM_NAMES = Object.keys(FORMS) as Form[]; // its own keys

/** Every depth in the tutorial's form as `resnet50`, in the standard ones as `resnet50-v1`. */
export const RESNETS: readonly NamedResNet[] = DEPTH_NUMBERS.flatMap((depth) => [
  { name: `resnet${depth}`, depth },
  ...FORM_NAMES.map((form) => ({ name: `resnet${depth}-${form}`, depth, form })),
]);

/** Networks that are no ResNets. */
export const OTHER_NAMES = ["happyModel"] as const;

/** What `--model` takes besides files. */
export const MODEL_NAMES: readonly string[] = [...RESNETS.map(({ name }) => name), ...OTHER_NAMES];
