import { convTransposeNd } from "../forms/conv-nd.ts";
import { copy } from "../rules.ts";
import type { Rule } from "../translation.ts";

/** The provider's own ConvTranspose takes sequences and pictures; volumes become a matrix product. */
export const convTranspose: Rule<"ConvTranspose"> = (node, t) =>
  (node.output.rank > 4 ? convTransposeNd : copy)(node, t);
