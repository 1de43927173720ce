import { fileURLToPath } from "node:url";

/** A data set that comes with the package. */
export interface ShippedData {
  readonly path: string;
  readonly notes: readonly string[];
}

/** By the name that `--data` takes. The paths are the same from src and dist. */
export const shippedData: ReadonlyMap<string, ShippedData> = new Map([
  [
    "hand-signs",
    {
      path: fileURLToPath(new URL("../../../../assets/hand-signs", import.meta.url)),
      notes: ["The splits are by signer: no hand of a test picture was trained on."],
    },
  ],
]);
