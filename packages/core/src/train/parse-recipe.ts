import { ResonnxError } from "@resonnx/base";
import { optimizerOf } from "@resonnx/onnx";
import { augmentations } from "../augment/augmentations.ts";
import { stillRecipe } from "../augment/recipe.ts";
import { type Demand, number, oneOf, whole } from "../check/demand.ts";
import { MONITORS } from "./monitor.ts";
import { type Recipe, type RecipeName, recipes } from "./recipe.ts";
import { AVERAGING_FIELDS, UPDATE_FIELDS, usualAveraging } from "./update-recipe.ts";

/** A demand for each field; a field with `?` in front may be missing. */
type Shape = Readonly<Record<string, Demand>>;

const text: Demand = { wanted: "a text", holds: (value) => typeof value === "string" && value !== "" };
const list: Demand = {
  wanted: '"balanced" or a list of numbers from 0 on',
  holds: (value) => value === "balanced" || (Array.isArray(value) && value.every((each) => number(0).holds(each))),
};
const anything: Demand = { wanted: "an object", holds: (value) => typeof value === "object" };

const AUGMENT: Shape = Object.fromEntries(Object.entries(augmentations).map(([name, { demand }]) => [name, demand]));
const EARLY_STOPPING: Shape = { monitor: oneOf(...MONITORS), patience: whole(1), minDelta: number(0) };
const SCHEDULES: { readonly [K in Recipe["schedule"]["kind"]]: Shape } = {
  constant: {},
  cosine: { warmupEpochs: number(0) },
  plateau: { ...EARLY_STOPPING, factor: number(0, 1, true), cooldown: whole(0), floor: number(0) },
};
const RECIPE: { readonly [K in keyof Required<Recipe>]: Demand } = {
  name: text,
  ...UPDATE_FIELDS,
  labelSmoothing: number(0, 1, true),
  augment: anything,
  schedule: anything,
  batchNormMomentum: number(0, 1, true),
  residualScale: number(0, 1),
  keep: oneOf("best", "last"),
  earlyStopping: anything,
  classWeights: list,
};
/** What fields of an augmentation were called before, for recipes and runs of that time. */
const AUGMENT_BEFORE: Readonly<Record<string, string>> = { gain: "brightness" };
const OPTIONAL: (keyof Recipe)[] = [
  ...(["augment", "earlyStopping", "classWeights"] as const),
  ...(["clipValue", "clipNorm", "accumulate", "ema", "rates"] as const),
];
/** Fields of a part that has usual values, when it is given with some of them. */
const USUAL = {
  augment: stillRecipe,
  earlyStopping: { monitor: "loss", patience: 5, minDelta: 0 },
  plateau: { monitor: "loss", factor: 0.1, patience: 10, minDelta: 1e-4, cooldown: 0, floor: 0 }, // Keras'
} as const;

/**
 * A recipe from JSON. Fields that aren't there are those of the recipe that `base` names, `default` without it; null
 * takes a part away. Throws `bad-input` naming the first field that is unknown or can't be.
 */
export function parseRecipe(value: unknown, where: string): Recipe {
  const given = objectOf(value, where);
  const { base = "default", ...fields } = given;
  if (!isRecipeName(base)) throw refuse(`${where}: base`, base, Object.keys(recipes).join(", "));
  const present = Object.entries({ ...recipes[base], name: where, ...fields }).filter(([, field]) => field != null);
  const merged = Object.fromEntries(present);
  check(merged, RECIPE, where, OPTIONAL);
  const schedule = parseSchedule(objectOf(merged.schedule, `${where}: schedule`), `${where}: schedule`);
  const augment = part(renamed(merged.augment, AUGMENT_BEFORE), USUAL.augment, AUGMENT, `${where}: augment`);
  const earlyStopping = part(merged.earlyStopping, USUAL.earlyStopping, EARLY_STOPPING, `${where}: earlyStopping`);
  const ema = part(merged.ema, usualAveraging, AVERAGING_FIELDS, `${where}: ema`);
  const recipe = { ...merged, schedule, augment, earlyStopping, ema } as unknown as Recipe; // as RECIPE demands, field by field
  optimizerOf(recipe.optimizer);
  return recipe;
}

/**
 * The recipe of a name, or the value itself once it is checked: parts that it lacks, as a run's record does, are not
 * there, which `tutorial` says. Throws `bad-input` for anything else.
 */
export const recipeOf = (recipe: string | Recipe): Recipe =>
  typeof recipe === "string"
    ? namedRecipe(recipe)
    : parseRecipe({ base: "tutorial", ...recipe }, recipe.name ?? "recipe");

function namedRecipe(name: string): Recipe {
  if (isRecipeName(name)) return recipes[name];
  throw refuse("--recipe", name, `${Object.keys(recipes).join(", ")} or a .json file`);
}

export const isRecipeName = (name: unknown): name is RecipeName =>
  typeof name === "string" && Object.hasOwn(recipes, name);

function parseSchedule(given: Readonly<Record<string, unknown>>, where: string): object {
  const { kind, ...fields } = given;
  if (typeof kind !== "string" || !Object.hasOwn(SCHEDULES, kind))
    throw refuse(`${where}: kind`, kind, Object.keys(SCHEDULES).join(", "));
  const usual = kind === "plateau" ? USUAL.plateau : {};
  const merged = { ...usual, ...fields };
  check(merged, SCHEDULES[kind as keyof typeof SCHEDULES], where);
  return { kind, ...merged };
}

/** The value with its fields under their present names. */
function renamed(value: unknown, before: Readonly<Record<string, string>>): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const present = (key: string) => (before[key] === undefined || before[key] in value ? key : before[key]);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [present(key), each]));
}

function part(value: unknown, usual: object, shape: Shape, where: string): object | undefined {
  if (value === undefined) return undefined;
  const merged = { ...usual, ...objectOf(value, where) };
  check(merged, shape, where);
  return merged;
}

function check(value: Readonly<Record<string, unknown>>, shape: Shape, where: string, optional: string[] = []): void {
  const stranger = Object.keys(value).find((key) => !Object.hasOwn(shape, key));
  if (stranger !== undefined) throw refuse(where, stranger, `fields ${Object.keys(shape).join(", ")}`);
  for (const [key, { wanted, holds }] of Object.entries(shape)) {
    if (value[key] === undefined && optional.includes(key)) continue;
    if (!holds(value[key])) throw refuse(`${where}: ${key}`, value[key], wanted);
  }
}

function objectOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw refuse(where, value, "an object");
}

const refuse = (where: string, got: unknown, wanted: string): ResonnxError =>
  new ResonnxError("bad-input", { where, what: "no such recipe", got: `${JSON.stringify(got)}`.slice(0, 80), wanted });
