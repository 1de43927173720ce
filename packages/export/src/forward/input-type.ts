import { ResonnxError } from "@resonnx/base";
import type { Dim, TensorType } from "@resonnx/onnx";
import { type Field, oneOf, optional, parseConfig } from "../config/fields.ts";
import { isArray } from "../config/json.ts";
import type { Layer } from "../source/layer-graph.ts";

/** The name of the first size of every input: Keras' inputs share their batch. */
const BATCH = "batch";

/** More than a tensor of any runtime holds. */
const MAX_ELEMENTS = 2 ** 31;

const sizes: Field<readonly (number | null)[]> = {
  wanted: "a list of sizes, null where unknown",
  parse(json) {
    if (!isArray(json) || json.length === 0) return undefined;
    const dims = json.map((dim) =>
      dim === null || (typeof dim === "number" && Number.isSafeInteger(dim) && dim >= 0) ? dim : undefined,
    );
    return dims.every((dim) => dim !== undefined) ? dims : undefined;
  },
};

const fields = { batch_input_shape: sizes, dtype: optional(oneOf("float32", "int32", "bool"), "float32") };

/** An input layer's type. The batch is `batchSize`, else what the layer fixes, else `batch`; other unknown sizes get names of their own. */
export function inputType(layer: Layer, batchSize: number | undefined, where: string): TensorType {
  const shape = layer.config.batch_input_shape ?? layer.config.batch_shape ?? null; // Keras 3 writes batch_shape
  const config = parseConfig(fields, { ...layer.config, batch_input_shape: shape }, where);
  const [batch, ...rest] = config.batch_input_shape;
  const elements = config.batch_input_shape.reduce<number>((product, dim) => product * (dim || 1), 1);
  if (elements > MAX_ELEMENTS)
    throw new ResonnxError("bad-input", {
      where,
      what: "an impossible input",
      got: `[${config.batch_input_shape.map((dim) => dim ?? "?")}]`,
      wanted: `${MAX_ELEMENTS} elements at most`,
    });
  const dims = rest.map((dim, i): Dim => dim ?? `${layer.name}_dim_${i + 1}`);
  return { dtype: config.dtype, shape: [batchSize ?? batch ?? BATCH, ...dims] };
}
