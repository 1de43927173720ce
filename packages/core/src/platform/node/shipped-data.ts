import { fileURLToPath } from "node:url";

/** The data sets that come with the package, by the name that `--data` takes. The path is the same from src and dist. */
export const shippedData: ReadonlyMap<string, string> = new Map([
  ["hand-signs", fileURLToPath(new URL("../../../assets/hand-signs", import.meta.url))],
]);
