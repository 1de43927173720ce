import { sameDim } from "../ir/types.ts";
import { localPass, type Rewrite, skip } from "./local.ts";

/** Add(MatMul(a, b), c) -> Gemm(a, b, c) for matrices and a vector c. */
export const matMulAddToGemm: Rewrite<"Add"> = (node, { b, usedOnce }) => {
  const product = node.inputs.find((input) => input?.producer?.is("MatMul"));
  const matmul = product?.producer;
  if (!product || !matmul) return skip("no operand is a MatMul");
  if (!usedOnce(product)) return skip("the product is read elsewhere too");
  const [left, right] = matmul.inputs;
  if (left!.rank !== 2 || right!.rank !== 2) return skip("Gemm multiplies matrices only");
  const bias = node.inputs[0] === product ? node.inputs[1]! : node.inputs[0]!;
  if (bias.rank !== 1 || !sameDim(bias.shape[0]!, product.shape[1]!))
    return skip("the other operand is no vector of the columns' length");
  if (product.type.dtype !== "float32") return skip("only float32 runs everywhere");
  return b.op("Gemm", [left, right, bias], {}, matmul.name);
};

export const fuseGemm = localPass("fuseGemm", { Add: matMulAddToGemm });
