import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { parseJson, ResonnxError, reasonOf } from "@resonnx/base";
import type { Recipe } from "@resonnx/core";

const isFile = (value: string): boolean => extname(value).toLowerCase() === ".json";

/** What a `--model` means: a network's name as it is, else a file. */
export const modelPath = (model: string, at: (path: string) => string): string => (isFile(model) ? at(model) : model);

/** What a model is called: its name, or that of its file. */
export const titleOf = (model: string): string => (isFile(model) ? basename(model, extname(model)) : model);

/** What a `--recipe` means: one of ours, or a file. Throws `not-found` or `bad-input`. */
export async function readRecipe(recipe: string, at: (path: string) => string): Promise<Recipe> {
  const { parseRecipe, recipeOf } = await import("@resonnx/core");
  if (!isFile(recipe)) return recipeOf(recipe);
  const text = await readFile(at(recipe), "utf8").catch((cause: unknown) => {
    throw new ResonnxError("not-found", { where: recipe, what: `can't be read: ${reasonOf(cause)}`, cause });
  });
  return parseRecipe(parseJson(text, recipe), recipe);
}
