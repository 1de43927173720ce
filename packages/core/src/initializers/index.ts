export { glorotUniform } from "./glorot-uniform.ts";
export { type NumpyRandom, numpyRandom } from "./numpy-random.ts";
