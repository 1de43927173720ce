export { permutation, type Random, randomFor } from "./random.ts";
